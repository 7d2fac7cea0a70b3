// SPDX-License-Identifier: Apache-2.0

import Geometry
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Asks the network of the surroundings where along rays matter is, so that layers can be placed there.
final class SurroundingProbe: Sendable {
    private let network: GridNetwork
    private let workspaces = Mutex<[Loan]>([])

    private struct Loan: @unchecked Sendable { let workspace: GridNetworkWorkspace }

    /// Bounds on the logarithm of the density outside.
    private static let logarithmBound: Float = 8

    init(_ network: GridNetwork) { self.network = network }

    /// Density from the logarithm that leaves the network, and whether it may change.
    @inline(__always)
    static func density(ofLogarithm value: Float) -> (density: Float, isFree: Bool) {
        let bounded = min(max(value, -logarithmBound), logarithmBound)
        return (expf(bounded), bounded == value)
    }

    /// Writes what enters the network for a row: a point in contracted space.
    @inline(__always)
    static func fill(_ workspace: GridNetworkWorkspace, row: Int, point: SIMD3<Float>) {
        let input = workspace.inputs + row * workspace.inputStride
        for axis in 0..<3 {
            workspace.points[axis * GridNetworkWorkspace.capacity + row] = point[axis]
            input[axis] = point[axis]
        }
    }

    /// Densities at points in contracted space, in its units.
    func densities(at points: [SIMD3<Float>]) -> [Float] {
        let loan = workspaces.withLock { $0.popLast() } ?? Loan(workspace: GridNetworkWorkspace(for: network))
        defer { workspaces.withLock { $0.append(loan) } }
        let (workspace, capacity) = (loan.workspace, GridNetworkWorkspace.capacity)
        var result: [Float] = []
        result.reserveCapacity(points.count)
        for first in stride(from: 0, to: points.count, by: capacity) {
            let rows = min(capacity, points.count - first)
            for row in 0..<rows { Self.fill(workspace, row: row, point: points[first + row]) }
            network.evaluate(rows: rows, workspace: workspace)
            for row in 0..<rows {
                result.append(Self.density(ofLogarithm: workspace.outputs[row * workspace.outputStride + 3]).density)
            }
        }
        return result
    }

    /// Cuts the pieces of rays outside the cube and places a sample in each layer.
    ///
    /// - Parameters:
    ///   - cuts: Rays with their layers within the cube; those outside are added.
    ///   - pieces: Of each ray, in the order of the ray.
    func addLayers(to cuts: inout [CutRay], pieces: [[OuterPiece]], random: inout RandomStream?) {
        var points: [SIMD3<Float>] = []
        var widths: [Float] = []
        for (cut, pieces) in zip(cuts, pieces) {
            for piece in pieces {
                let step = 1 / Float(piece.probes)
                for index in 0..<piece.probes {
                    let share = Float(index) * step
                    points.append(cut.contracted(piece.distance(at: share + 0.5 * step)))
                    let far = piece.distance(at: share + step)
                    widths.append(
                        far.isFinite
                            ? (cut.contracted(far) - cut.contracted(piece.distance(at: share))).length : .infinity)
                }
            }
        }
        let densities = densities(at: points)
        var place = 0
        for (index, pieces) in pieces.enumerated() {
            for piece in pieces {
                var light: Float = 1
                let weights = (place..<place + piece.probes).map { probe -> Float in
                    let next = widths[probe].isFinite ? light * expf(-widths[probe] * densities[probe]) : 0
                    defer { light = next }
                    return light - next
                }
                place += piece.probes
                cuts[index].addOuterLayers(of: piece, edges: piece.edges(weights: weights), random: &random)
            }
        }
    }
}
