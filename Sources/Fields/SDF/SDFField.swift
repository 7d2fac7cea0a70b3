// SPDX-License-Identifier: Apache-2.0

import Geometry
import Synchronization

/// A signed distance network as a scalar field in the frame of its cube: negative inside.
public final class SDFField: ScalarField {
    /// The network behind the field; must not be trained while the field is in use.
    public let network: SDFNetwork
    /// Grid levels in use; features of finer ones count as zero, as in training before they open.
    private let openLevels: Int
    private let valueWorkspaces = Mutex<[Loan]>([])
    private let gradientWorkspaces = Mutex<[Loan]>([])

    /// Moves between threads only through a pool, which hands each workspace to one caller at a time.
    private struct Loan: @unchecked Sendable { let workspace: SDFWorkspace }

    /// Wraps `network`, by default with all its grid levels.
    ///
    /// - Parameters:
    ///   - network: Kept by reference.
    ///   - openLevels: Grid levels in use, as ``SDFTrainer/openLevels`` says during training.
    public init(_ network: SDFNetwork, openLevels: Int? = nil) {
        self.network = network
        self.openLevels = min(max(openLevels ?? .max, 0), network.architecture.grid.levels)
    }

    /// Writes signed distances in units of the cube.
    public func evaluate(at points: UnsafeBufferPointer<SIMD3<Float>>, into values: UnsafeMutableBufferPointer<Float>) {
        let loan =
            valueWorkspaces.withLock { $0.popLast() } ?? Loan(workspace: SDFWorkspace(for: network, purpose: .values))
        forEachBlock(of: points, in: loan.workspace, gradients: false) { start, rows, workspace in
            for row in 0..<rows { values[start + row] = workspace.values[row] }
        }
        valueWorkspaces.withLock { $0.append(loan) }
    }

    /// Signed distances at `points` and their gradients by position (of no particular length away from convergence).
    ///
    /// May be called from several threads at once; a point's result does not depend on the other points.
    public func valuesAndGradients(at points: [SIMD3<Float>]) -> (values: [Float], gradients: [SIMD3<Float>]) {
        let loan =
            gradientWorkspaces.withLock { $0.popLast() }
            ?? Loan(workspace: SDFWorkspace(for: network, purpose: .gradients))
        var values = [Float](repeating: 0, count: points.count)
        var gradients = [SIMD3<Float>](repeating: .zero, count: points.count)
        points.withUnsafeBufferPointer { points in
            forEachBlock(of: points, in: loan.workspace, gradients: true) { start, rows, workspace in
                for row in 0..<rows {
                    values[start + row] = workspace.values[row]
                    for axis in 0..<3 {
                        gradients[start + row][axis] = workspace.gradientPlanes[axis * SDFWorkspace.capacity + row]
                    }
                }
            }
        }
        gradientWorkspaces.withLock { $0.append(loan) }
        return (values, gradients)
    }

    private func forEachBlock(
        of points: UnsafeBufferPointer<SIMD3<Float>>, in workspace: SDFWorkspace, gradients: Bool,
        _ body: (_ start: Int, _ rows: Int, _ workspace: SDFWorkspace) -> Void
    ) {
        let capacity = SDFWorkspace.capacity
        for start in stride(from: 0, to: points.count, by: capacity) {
            let rows = min(capacity, points.count - start)
            for row in 0..<rows {
                let point = points[start + row]
                for axis in 0..<3 { workspace.points[axis * capacity + row] = point[axis] }
            }
            network.evaluate(
                rows: rows, gradientRows: gradients ? rows : 0, openLevels: openLevels, workspace: workspace)
            body(start, rows, workspace)
        }
    }
}
