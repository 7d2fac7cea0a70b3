// SPDX-License-Identifier: Apache-2.0

import Report
import Testing

@Suite struct HTMLTests {
    @Test(arguments: [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("\"><img src=x onerror='a&b'>", "&quot;&gt;&lt;img src=x onerror=&#39;a&amp;b&#39;&gt;"),
        ("ü 🦉 é", "ü 🦉 é"), ("a\u{0}\u{1B}[2Kb", "a\u{FFFD}\u{FFFD}[2Kb"), ("gpj.\u{202E}exe", "gpj.\u{FFFD}exe"),
    ])
    func textIsEscaped(text: String, escaped: String) {
        #expect(("<b title=\"\(text)\">\(text)</b>" as HTML).source == "<b title=\"\(escaped)\">\(escaped)</b>")
    }

    @Test func piecesAreNotEscapedAgain() {
        let piece: HTML = "<i>\("a<b")</i>"
        #expect(("<p>\(piece)\([piece, piece])</p>" as HTML).source == "<p><i>a&lt;b</i><i>a&lt;b</i><i>a&lt;b</i></p>")
    }

    @Test func scriptDataCannotEndTheElement() {
        let data = HTML(scriptData: #"{"name":"</script><!--<script>"}"#)
        #expect(!data.source.contains("<"))
        #expect(data.source == #"{"name":"\u003c/script>\u003c!--\u003cscript>"}"#)
    }
}
