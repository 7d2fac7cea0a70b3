// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Report
import SfM
import Testing

@Suite struct PhotoReportPageTests {
    /// The page without what a library and this program's own script say.
    private static func markup(_ page: String) -> String {
        var result = ""
        for (index, piece) in page.components(separatedBy: "<script").enumerated() {
            result +=
                index == 0
                ? piece : piece.components(separatedBy: "</script>").dropFirst().joined(separator: "</script>")
        }
        return result
    }

    @Test func hostileNamesStayText() throws {
        let page = try SampleReports.page(SampleReports.hostileNames)
        let harmless = try SampleReports.page(SampleReports.hostileNames.indices.map { "\($0).jpg" })
        // As many scripts, pictures and handlers as with plain names.
        for part in ["<script", "</script>", "<img", "<!--"] {
            #expect(
                page.components(separatedBy: part).count == harmless.components(separatedBy: part).count, "\(part)")
        }
        let markup = Self.markup(page)
        for part in ["<img src=x", "onmouseover='", "alert(2)</script>", "\u{202E}"] {
            #expect(!markup.contains(part), "\(part)")
        }
        #expect(markup.contains("&lt;/script&gt;&lt;script&gt;alert(2)"))
        // What looks like an entity in a name is shown as it is.
        #expect(markup.contains("&amp;lt;b&amp;gt;.jpg"))
        // A reference to a file has no scheme, quote or query of its own.
        #expect(markup.contains("href=\"./%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert%281%29%3E.jpg\""))
    }

    @Test func nothingIsFetched() throws {
        let page = try SampleReports.page(["a.jpg", "b.jpg", "c.jpg"])
        let markup = Self.markup(page)
        #expect(page.contains("default-src 'none'"))
        for part in ["src=\"http", "href=\"http", "url(", "@import", "<link rel=\"stylesheet\"", "<iframe", "src=\"//"]
        {
            #expect(!markup.contains(part), "\(part)")
        }
    }

    @Test func onlyTheSectionOfTheRunDiffersBetweenRuns() throws {
        let names = ["a.jpg", "b.jpg", "c.jpg"]
        let pages = [
            try SampleReports.page(names), try SampleReports.page(names, folder: "elsewhere", seconds: 7),
        ]
        #expect(pages[0] != pages[1])
        let rests = try pages.map { page in
            let start = try #require(page.range(of: "<section id=\"run\">"))
            let end = try #require(page.range(of: "</section>", range: start.upperBound..<page.endIndex))
            return page[..<start.lowerBound] + page[end.upperBound...]
        }
        #expect(rests[0] == rests[1])
    }

    @Test func figuresAreThere() throws {
        let page = try SampleReports.page(["a.jpg", "b.jpg", "c.jpg"])
        for id in ["view", "photos", "matches", "accuracy", "input", "options", "run"] {
            #expect(page.contains("<section id=\"\(id)\">"), "\(id)")
        }
        #expect(page.contains("3 of 3"))
        #expect(page.contains("expected 1.0 s"))
    }

    @Test func theReportIsTheResultWithItsRun() throws {
        let cost = ComputingCost(seconds: 2, peakMemory: 3)
        let run = RunRecord(
            version: "1", command: ["reconstruct", "it's", ""], threads: 2, expected: nil, actual: cost)
        #expect(run.commandText == "reconstruct 'it'\\''s' ''")
        var outcome = PhotoReport(folder: "out")
        outcome.photos = 4
        let report = RunReport(outcome, warnings: ["careful"], run: run)
        let data = try JSONEncoder().encode(report)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(object["photos"] as? Int == 4 && object["warnings"] as? [String] == ["careful"])
        let back = try JSONDecoder().decode(RunReport<PhotoReport>.self, from: data)
        #expect(back.run == run && back.outcome.photos == 4)
    }
}
