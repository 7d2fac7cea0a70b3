// SPDX-License-Identifier: Apache-2.0

/// Links to files beside a page.
struct FileLinks {
    private let names: [String]

    init(_ names: [String]) { self.names = names }

    /// Nothing for no files.
    var html: HTML {
        guard !names.isEmpty else { return .none }
        return
            "<h3>Files beside this page</h3><ul>\(names.map { "<li><a href=\"\(Self.reference($0))\">\($0)</a></li>" as HTML })</ul>"
    }

    /// A relative reference, in which no character has a meaning of its own.
    private static func reference(_ name: String) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./".utf8)
        let digits = Array("0123456789ABCDEF")
        return "./"
            + name.utf8.map { byte in
                plain.contains(byte)
                    ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }.joined()
    }
}
