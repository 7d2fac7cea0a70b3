// SPDX-License-Identifier: Apache-2.0

import Mesh
import Slices
import Storage

/// The page about a reconstruction from cross-sections.
public struct SliceReportPage: Sendable {
    /// The bytes of the page, in UTF-8.
    public let page: [UInt8]

    /// Renders a page.
    ///
    /// - Parameters:
    ///   - report: The figures.
    ///   - slices: The contours, in the frame of the mesh.
    ///   - mesh: The surface.
    ///   - title: Heading of the page.
    ///   - files: Names of files beside the page that a reader may want.
    /// - Throws: `EncodingError` for figures that are not finite.
    public init(
        _ report: RunReport<SliceReport>, slices: SliceSet, mesh: TriangleMesh, title: String, files: [String]
    ) throws {
        let outcome = report.outcome
        let view = try SceneSection(SceneContent(slices, mesh: mesh))
        let sections =
            [RunSections.warnings(report.warnings), view.section].compactMap { $0 } + [
                SurfaceSections.agreement(outcome.agreement), SurfaceSections.surface(outcome),
                Self.input(outcome.input, files: files), try RunSections.options(outcome.options),
                RunSections.run(report.run, stages: Self.stages(outcome)),
            ]
        let html = ReportPage(
            title: title, summary: Self.headline(outcome), sections: sections, scripts: view.scripts)
        page = Array(html.html.source.utf8)
    }

    /// Writes the page to a file that appears whole.
    public func write(to path: String) throws(FileError) { try OutputFile.write(page, to: path) }

    private static func headline(_ report: SliceReport) -> HTML {
        Markup.headline([
            ("\(report.input.planes)", "planes"),
            (NumberText.fixed(report.agreement.meanPlaneIoU, places: 3), "mean plane IoU"),
            (NumberText.grouped(report.surface.mesh.triangles), "triangles"),
            (
                report.surface.mesh.isClosed ? "closed" : "open",
                report.surface.mesh.isManifold ? "manifold" : "not manifold"
            ),
        ])
    }

    private static func input(_ input: SliceReport.Input, files: [String]) -> ReportSection {
        let facts = Markup.facts([
            ("file", input.path.split(separator: "/").last.map(String.init)),
            ("label", input.label.map { "\($0)" } ?? "all"),
            ("planes", "\(input.planes)"), ("contours", NumberText.grouped(input.contours)),
        ])
        let repairs = input.repairs.isEmpty ? HTML.none : "<h3>Mended</h3>\(Markup.list(input.repairs))" as HTML
        return ReportSection(
            id: "input", title: "What was in the file", body: "\(facts)\(repairs)\(FileLinks(files).html)")
    }

    private static func stages(_ report: SliceReport) -> [(name: String, time: String)] {
        var stages: [(name: String, time: String)] = []
        if let training = report.training {
            let resumed = training.resumedFromStep
            stages.append(
                (
                    resumed > 0 ? "training from step \(NumberText.grouped(resumed)) on" : "training",
                    NumberText.duration(training.seconds)
                ))
        }
        if let fit = report.fit { stages.append(("fitting", NumberText.duration(fit.seconds))) }
        return stages + [("surface", NumberText.duration(report.surface.seconds))]
    }
}
