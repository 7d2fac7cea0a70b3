// SPDX-License-Identifier: Apache-2.0

import Mesh

/// The report on a mesh in lines for people.
struct MeshReportText {
    let text: String

    init(_ report: MeshReport, name: String) {
        let topology = report.topology
        let rows: [(String, String)] = [
            ("vertices", "\(report.vertices)"),
            ("triangles", "\(report.triangles)"),
            ("components", "\(report.components)"),
            ("closed", Self.word(report.isClosed)),
            ("manifold", Self.word(report.isManifold)),
            ("consistently wound", Self.word(report.isConsistentlyWound)),
            ("Euler characteristic", "\(report.eulerCharacteristic)"),
            ("genus", report.genus.map { "\($0)" } ?? "-"),
            ("boundary edges", "\(topology.boundaryEdges)"),
            ("non-manifold edges", "\(topology.nonManifoldEdges)"),
            ("non-manifold vertices", "\(topology.nonManifoldVertices)"),
            ("misoriented edges", "\(topology.misorientedEdges)"),
            ("degenerate triangles", "\(topology.collapsedFaces + topology.zeroAreaFaces)"),
            ("unused vertices", "\(topology.unreferencedVertices)"),
            ("area", report.area.map { "\($0)" } ?? "-"),
            ("volume", report.volume.map { "\($0)" } ?? "-"),
            ("minimum", Self.vector(report.minimum)),
            ("maximum", Self.vector(report.maximum)),
            ("normals", Self.word(report.hasNormals)),
            ("colours", Self.word(report.hasColors)),
        ]
        let lines = rows.map { label, value in
            "  " + label + String(repeating: " ", count: 24 - label.count) + value
        }
        text = ([name] + lines).joined(separator: "\n")
    }

    private static func word(_ answer: Bool) -> String { answer ? "yes" : "no" }

    private static func vector(_ value: [Double]?) -> String {
        value.map { $0.map { "\($0)" }.joined(separator: " ") } ?? "-"
    }
}
