// SPDX-License-Identifier: Apache-2.0

/// The tags of an XML document, one after the other, without building a tree.
///
/// Only what drawings need: elements and attributes in UTF-8. Text, comments and processing instructions are passed over.
/// A document that declares entities is refused, so that none can grow or name a file. A general parser, libxml2 behind
/// `FoundationXML`, would read more than is wanted, and be loaded at each start of the program.
struct XMLTags {
    /// A start tag, an end tag, or both in one.
    struct Tag {
        var name: String
        var attributes: [String: String]
        var opens: Bool
        var closes: Bool
    }

    /// Elements within elements.
    static let greatestDepth = 256

    private let bytes: [UInt8]
    private var place = 0
    private var open: [String] = []

    init(_ bytes: [UInt8]) throws(SVGError) {
        guard !bytes.contains(0) else { throw .syntax("it is not text in UTF-8") }
        self.bytes = bytes
    }

    /// The next tag, or `nil` at the end of a document whose elements are all closed.
    mutating func next() throws(SVGError) -> Tag? {
        while let start = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
            place = start
            if try skipMarkup() { continue }
            return try tag()
        }
        guard open.isEmpty else { throw .syntax("the element \"\(open.last ?? "")\" is not closed") }
        return nil
    }

    /// Passes over a comment, an instruction, raw text or a plain document type.
    private mutating func skipMarkup() throws(SVGError) -> Bool {
        for (start, end) in [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")] where isNext(start) {
            place += start.utf8.count
            while place < bytes.count, !isNext(end) { place += 1 }
            guard place < bytes.count else { throw .syntax("\"\(start)\" without \"\(end)\"") }
            place += end.utf8.count
            return true
        }
        guard isNext("<!") else { return false }
        guard let end = bytes[place...].firstIndex(where: { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "[") }),
            bytes[end] == UInt8(ascii: ">")
        else { throw .syntax("it declares a document type of its own; save it without") }
        place = end + 1
        return true
    }

    private func isNext(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    private mutating func tag() throws(SVGError) -> Tag {
        place += 1
        var result = Tag(name: "", attributes: [:], opens: true, closes: false)
        if isNext("/") {
            place += 1
            (result.opens, result.closes) = (false, true)
        }
        result.name = name()
        guard !result.name.isEmpty else { throw .syntax("\"<\" without the name of an element") }
        while true {
            skipSpace()
            guard place < bytes.count else { throw .syntax("the tag \"\(result.name)\" does not end") }
            if isNext(">") {
                place += 1
                break
            }
            if isNext("/>") {
                place += 2
                result.closes = true
                break
            }
            let (key, value) = try attribute(of: result.name)
            result.attributes[key] = value
        }
        try track(result)
        return result
    }

    private mutating func track(_ tag: Tag) throws(SVGError) {
        if tag.opens && !tag.closes { open.append(tag.name) }
        guard open.count <= Self.greatestDepth else { throw .syntax("elements are nested too deeply") }
        if !tag.opens, open.popLast() != tag.name { throw .syntax("\"</\(tag.name)>\" closes nothing") }
    }

    private mutating func attribute(of tag: String) throws(SVGError) -> (String, String) {
        let key = name()
        skipSpace()
        guard !key.isEmpty, isNext("=") else { throw .syntax("an attribute of \"\(tag)\" has no value") }
        place += 1
        skipSpace()
        guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "'"),
            let end = bytes[(place + 1)...].firstIndex(of: bytes[place])
        else { throw .syntax("the attribute \"\(key)\" of \"\(tag)\" is not quoted") }
        let value = String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
        place = end + 1
        return (key, Self.unescaped(value))
    }

    private mutating func name() -> String {
        let start = place
        let stops = Set("/>=\"'<".utf8)
        while place < bytes.count, bytes[place] > 0x20, !stops.contains(bytes[place]) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func skipSpace() { while place < bytes.count, bytes[place] <= 0x20 { place += 1 } }

    /// The five names that every document knows; in numbers and ids nothing else is needed.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        return [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")].reduce(text) {
            $0.replacing($1.0, with: $1.1)
        }
    }
}
