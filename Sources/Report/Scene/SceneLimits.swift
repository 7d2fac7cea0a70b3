// SPDX-License-Identifier: Apache-2.0

import Geometry
import Mesh

/// How much a 3D view holds at most: a page of all of it stays below 6 MB and opens at once.
package enum SceneLimits {
    package static let faces = 120_000
    package static let points = 50_000
    package static let contourPoints = 120_000
    package static let links = 4_000
}

extension SceneContent {
    /// The content within ``SceneLimits``: the mesh simplified, every k-th point and contour corner. The same content always
    /// gives the same part.
    package func limited() -> SceneContent {
        var result = self
        if let mesh, mesh.triangles.count > SceneLimits.faces {
            result.mesh = Self.simplified(mesh)
            result.notes.append(
                "The view shows \(NumberText.grouped(result.mesh?.triangles.count ?? 0)) of the mesh's "
                    + "\(NumberText.grouped(mesh.triangles.count)) triangles.")
        }
        if points.count > SceneLimits.points {
            let kept = Self.spread(points.count, limit: SceneLimits.points)
            result.points = kept.map { points[$0] }
            result.pointColors = kept.map { pointColors[$0] }
            result.notes.append(
                "The view shows \(NumberText.grouped(kept.count)) of \(NumberText.grouped(points.count)) points.")
        }
        let corners = contours.reduce(0) { $0 + $1.count }
        if corners > SceneLimits.contourPoints {
            let spacing = (corners + SceneLimits.contourPoints - 1) / SceneLimits.contourPoints
            // A contour of fewer corners than three is none.
            result.contours = contours.map { contour in
                contour.count < 3 * spacing
                    ? contour : stride(from: 0, to: contour.count, by: spacing).map { contour[$0] }
            }
        }
        if links.count > SceneLimits.links {
            result.links = Array(
                links.sorted { ($1.strength, $0.first, $0.second) < ($0.strength, $1.first, $1.second) }
                    .prefix(SceneLimits.links))
        }
        return result
    }

    /// Simplified to the limit; where the surface does not allow that, without its border, and at last not at all.
    private static func simplified(_ mesh: TriangleMesh) -> TriangleMesh {
        var options = SimplificationOptions(goal: .faces(SceneLimits.faces))
        guard let kept = try? Simplification(of: mesh, options: options).mesh else { return mesh }
        guard kept.triangles.count > SceneLimits.faces else { return kept }
        options.keepsBoundary = false
        return (try? Simplification(of: mesh, options: options).mesh) ?? kept
    }

    /// `limit` of `count` places, evenly.
    private static func spread(_ count: Int, limit: Int) -> [Int] { (0..<limit).map { $0 * count / limit } }
}
