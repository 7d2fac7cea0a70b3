// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh
import SfM
import Slices

/// Sections about the mesh and the training behind it.
enum SurfaceSections {
    /// Of a surface from photos.
    static func surface(_ report: SurfaceReport) -> ReportSection {
        let tally = report.photometric.last
        let facts: [(String, String?)] =
            mesh(report.mesh, unit: "units of the model") + [
                ("cell of the grid", NumberText.significant(report.cellSize)),
                ("points on the surface, median distance", NumberText.significant(report.medianPointDistance)),
                ("dense points by stereo", report.stereoPoints > 0 ? NumberText.grouped(report.stereoPoints) : "none"),
                (
                    "photos compared",
                    report.views > 0
                        ? "\(report.views), each with \(NumberText.fixed(report.meanSources, places: 1)) others"
                        : "none"
                ),
                ("mean correlation at the end", tally.map { NumberText.fixed(1 - $0.meanCost, places: 3) }),
                ("faces cut away unseen", "\(NumberText.grouped(report.trimmedFaces))"),
                ("holes closed", "\(report.filledHoles)"),
            ]
        return ReportSection(
            id: "surface", title: "Surface", body: "\(training(report.curve))\(Markup.facts(facts))")
    }

    /// Of a surface from cross-sections.
    static func surface(_ report: SliceReport) -> ReportSection {
        let facts: [(String, String?)] =
            mesh(report.surface.mesh, unit: "units of the input") + [
                ("cell of the grid", NumberText.significant(report.surface.cellSize)),
                ("components without a contour, left out", "\(report.surface.droppedComponents)"),
                ("engine", "\(report.engine.name.rawValue) (\(report.engine.reason))"),
                ("training steps", report.training.map { NumberText.grouped($0.steps) }),
                ("nodes of the field", report.fit.map { NumberText.grouped($0.nodes) }),
                ("staircase between slices", report.staircase.map { NumberText.fixed($0, places: 3) }),
            ]
        let curve = report.training.map { training($0.curve) } ?? .none
        return ReportSection(id: "surface", title: "Surface", body: "\(curve)\(Markup.facts(facts))")
    }

    /// What a radiance field shows of photos that were left out.
    static func radiance(_ report: RadianceReport) -> ReportSection {
        let rows = report.heldOut.map { view -> [HTML] in
            [
                "\(view.name)", "\(NumberText.fixed(view.psnr, places: 2)) dB",
                "\(NumberText.fixed(view.ssim, places: 3))",
            ]
        }
        let facts = Markup.facts([
            ("photos trained on", "\(report.views)"), ("training steps", NumberText.grouped(report.steps)),
            ("mean PSNR of photos left out", report.meanPSNR.map { NumberText.fixed($0, places: 2) + " dB" }),
            ("mean SSIM", report.meanSSIM.map { NumberText.fixed($0, places: 3) }),
        ])
        let table = rows.isEmpty ? .none : Markup.table(["left out", "PSNR", "SSIM"], numbers: [1, 2], rows: rows)
        return ReportSection(id: "radiance", title: "Radiance field", body: "\(facts)\(table)")
    }

    /// Agreement of the mesh with each plane.
    static func agreement(_ report: SliceReport.Agreement) -> ReportSection {
        let floor = max(0, (10 * min(report.minimumPlaneIoU, 0.9)).rounded(.down) / 10 - 0.1)
        let bars = report.planes.map { plane in
            BarChart.Bar(
                value: plane.iou, label: "\(plane.number)",
                detail: "plane \(plane.number): IoU \(NumberText.fixed(plane.iou, places: 4)), "
                    + "\(NumberText.percent(plane.accuracy)) of the area alike",
                isConspicuous: plane.iou < 0.95)
        }
        let chart = BarChart(bars: bars, caption: "plane", floor: floor, ceiling: 1) {
            NumberText.fixed($0, places: 2)
        }
        let text =
            "Intersection over union of each plane's contours with the mesh cut by that plane: mean "
            + "\(NumberText.fixed(report.meanPlaneIoU, places: 4)), worst "
            + "\(NumberText.fixed(report.minimumPlaneIoU, places: 4)) on plane \(report.worstPlane). Planes without "
            + "contours are not scored."
        return ReportSection(
            id: "agreement", title: "Agreement with the slices",
            body: "<figure>\(chart.svg)</figure><p class=\"note\">\(text)</p>")
    }

    private static func training(_ curve: TrainingCurve?) -> HTML {
        let chart = curve.map { LossChart(curve: $0).svg } ?? .none
        return chart == .none ? .none : "<figure>\(chart)</figure>"
    }

    private static func mesh(_ mesh: MeshReport, unit: String) -> [(String, String?)] {
        let size = mesh.minimum.flatMap { low in
            mesh.maximum.map { high in
                zip(low, high).map { NumberText.significant($1 - $0) }.joined(separator: " × ")
            }
        }
        return [
            ("vertices", NumberText.grouped(mesh.vertices)), ("triangles", NumberText.grouped(mesh.triangles)),
            ("size (\(unit))", size), ("closed", mesh.isClosed ? "yes" : "no"),
            ("manifold", mesh.isManifold ? "yes" : "no"), ("pieces", "\(mesh.components)"),
            ("area", mesh.area.map { NumberText.significant($0) }),
            ("volume", mesh.volume.map { NumberText.significant($0) }),
        ]
    }
}
