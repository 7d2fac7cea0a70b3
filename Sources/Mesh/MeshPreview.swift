// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Asks a long computation for its mesh so far, every so many seconds.
///
/// What is handed out has no influence on the result. The clock decides when, so the number of previews differs from run to run.
public final class MeshPreview: Sendable {
    private let interval: UInt64
    private let due: Mutex<UInt64>
    private let handler: @Sendable (TriangleMesh) -> Void

    /// Cells along the longest side of the grid that previews are extracted on: a fraction of a second each.
    public static let resolution = 96
    /// Previews take at most this share of the time.
    private static let largestShare = 0.2

    /// Asks for a mesh `interval` seconds from now and after each preview.
    ///
    /// - Precondition: `interval` is positive.
    public init(interval: Double, handler: @escaping @Sendable (TriangleMesh) -> Void) {
        precondition(interval > 0, "a preview every \(interval) s")
        self.interval = UInt64(interval * 1e9)
        self.handler = handler
        due = Mutex(DispatchTime.now().uptimeNanoseconds + self.interval)
    }

    /// Calls `make` and hands on its mesh when a preview is due; `nil` and empty meshes are no preview.
    public func offer(_ make: () -> TriangleMesh?) {
        let start = DispatchTime.now().uptimeNanoseconds
        guard start >= due.withLock({ $0 }) else { return }
        if let mesh = make(), !mesh.isEmpty { handler(mesh) }
        let end = DispatchTime.now().uptimeNanoseconds
        let pause = max(interval, UInt64(Double(end - start) / Self.largestShare))
        due.withLock { $0 = end + pause }
    }
}
