// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Report
import Slices

/// Writes the page of a slice reconstruction, and the same figures as JSON beside it.
struct SliceReportOutput {
    /// Page to write; the JSON has the same name with .json.
    let path: String
    let clock: RunClock
    let threads: Int
    var expected: ComputingCost?

    /// Where the figures go: `shape.html` → `shape.json`.
    static func figuresPath(of page: String) -> String { String(page.dropLast(".html".count)) + ".json" }

    /// Whether a page can have this name.
    static func isPage(_ path: String) -> Bool { path.hasSuffix(".html") && path.split(separator: "/").last != ".html" }

    /// Writes both files.
    func write(_ outcome: SliceReport, slices: SliceSet, mesh: TriangleMesh) throws {
        let figuresPath = Self.figuresPath(of: path)
        let report = RunReport(
            outcome, warnings: RunReport.warnings(of: outcome), run: clock.record(threads: threads, expected: expected))
        try report.write(to: figuresPath)
        let name = outcome.input.path.split(separator: "/").last.map(String.init) ?? outcome.input.path
        let title = outcome.input.label.map { "\(name), label \($0)" } ?? name
        let page = try SliceReportPage(
            report, slices: slices, mesh: mesh, title: title,
            files: SiblingFiles.names([outcome.surface.path, figuresPath], beside: path))
        try page.write(to: path)
    }
}

/// Files in the folder of another one.
enum SiblingFiles {
    /// Names of those of `paths` that lie beside `page`.
    static func names(_ paths: [String], beside page: String) -> [String] {
        paths.filter { folder(of: $0) == folder(of: page) }.compactMap {
            $0.split(separator: "/").last.map(String.init)
        }
    }

    private static func folder(of path: String) -> Substring { path[..<(path.lastIndex(of: "/") ?? path.startIndex)] }
}
