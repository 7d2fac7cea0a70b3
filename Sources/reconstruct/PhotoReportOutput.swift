// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import Report
import SfM
import Storage

/// Writes `report.json` and `report.html` of a workspace.
struct PhotoReportOutput {
    let job: PhotoJob
    let clock: RunClock
    var expected: ComputingCost?

    /// Completes the job's report and writes both files; the page only when there is a map to show.
    ///
    /// - Returns: What `report.json` holds.
    func write() throws -> RunReport<PhotoReport> {
        let model = try job.completeReport()
        let workspace = job.workspace
        let report = RunReport(
            job.report, warnings: RunReport.warnings(of: job.report),
            run: clock.record(threads: job.threads, expected: expected))
        try report.write(to: workspace.path("report.json"))
        guard let model else {
            // One of an earlier map would tell of things that are no more.
            OutputFile.remove(workspace.path("report.html"))
            return report
        }
        let hasMesh = workspace.record.stages[PhotoStage.surface.rawValue] != nil
        let mesh = hasMesh ? try MeshFile.read(workspace.path("mesh.ply")) : nil
        let files = ["mesh.ply", "points.ply", "dense.ply", "transforms.json", "report.json"]
        let names = job.report.quality?.photos.map(\.name) ?? []
        let page = try PhotoReportPage(
            report, model: model, mesh: mesh, title: title, options: job.options,
            thumbnails: workspace.record.photoFolder.map { Thumbnails(of: names, in: $0, threads: job.threads) }
                ?? .none,
            files: files.filter { ($0 != "mesh.ply" || hasMesh) && Folder.exists(workspace.path($0)) })
        try page.write(to: workspace.path("report.html"))
        return report
    }

    /// The photo folder's name, or that of the folder around it when it is called like thousands of others.
    private var title: String {
        let parts = (job.workspace.record.photoFolder ?? Folder.absolute(job.workspace.folder)).split(separator: "/")
        let isCommon = ["images", "photos", "pictures", "input"].contains(parts.last?.lowercased())
        return (isCommon && parts.count > 1 ? parts[parts.count - 2] : parts.last).map(String.init) ?? "Reconstruction"
    }
}
