// SPDX-License-Identifier: Apache-2.0

/// A piece of a page.
///
/// Strings that are interpolated into a literal are text, and what would be markup in them is escaped; only other pieces go in
/// as they are. So a name from a file cannot become an element, an attribute or a script: there is no other way in.
package struct HTML: ExpressibleByStringInterpolation, Equatable, Sendable {
    /// The markup.
    package private(set) var source: String

    package init(stringLiteral value: String) { source = value }

    package init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }

    /// Pieces one after the other.
    init(_ pieces: some Sequence<HTML>) { source = pieces.map(\.source).joined() }

    /// The contents of a `script` element: JSON, in which `<` only occurs within strings.
    package init(scriptData json: String) {
        source = json.split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    }

    /// Markup, styles or scripts of this program or of a library, as they are.
    init(trusted source: String) { self.source = source }

    static let none: HTML = ""

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var source = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            source.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { source += literal }
        package mutating func appendInterpolation(_ piece: HTML) { source += piece.source }
        package mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { source += piece.source } }
        package mutating func appendInterpolation(_ number: Int) { source += String(number) }
        package mutating func appendInterpolation(_ text: String) {
            for scalar in text.unicodeScalars {
                switch scalar {
                case "&": source += "&amp;"
                case "<": source += "&lt;"
                case ">": source += "&gt;"
                case "\"": source += "&quot;"
                case "'": source += "&#39;"
                case "\n", "\t": source.unicodeScalars.append(scalar)
                // Other control characters are allowed nowhere, marks of direction could reorder what is beside a name.
                case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}":
                    source += "\u{FFFD}"
                default: source.unicodeScalars.append(scalar)
                }
            }
        }
    }
}
