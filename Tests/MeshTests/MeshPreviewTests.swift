// SPDX-License-Identifier: Apache-2.0

import Mesh
import Synchronization
import Testing

@Suite struct MeshPreviewTests {
    /// Counts previews.
    private final class Counter: Sendable {
        let count = Mutex(0)
        func preview(every seconds: Double) -> MeshPreview {
            MeshPreview(interval: seconds) { _ in self.count.withLock { $0 += 1 } }
        }
        var value: Int { count.withLock { $0 } }
    }

    @Test func meshesAreAskedForWhenTheyAreDue() {
        let counter = Counter()
        let preview = counter.preview(every: 1e-3)
        while counter.value < 3 { preview.offer { MeshSamples.sphere(1, rings: 4) } }
        #expect(counter.value == 3)
    }

    @Test func nothingIsMadeBefore() {
        let counter = Counter()
        let preview = counter.preview(every: 3600)
        for _ in 0..<1000 {
            preview.offer {
                Issue.record("asked too early")
                return nil
            }
        }
        #expect(counter.value == 0)
    }

    @Test func emptyMeshesAreNoPreviews() {
        let counter = Counter()
        let preview = counter.preview(every: 1e-6)
        var asked = 0
        while asked < 2 {
            preview.offer {
                asked += 1
                return asked == 1 ? nil : TriangleMesh()
            }
        }
        #expect(counter.value == 0)
    }
}
