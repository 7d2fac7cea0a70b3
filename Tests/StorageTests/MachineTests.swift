// SPDX-License-Identifier: Apache-2.0

import Storage
import TestSupport
import Testing

@Suite struct MachineTests {
    @Test func memoryIsWithinWhatIsInstalled() throws {
        let installed = try #require(Machine.installedMemory)
        let available = try #require(Machine.availableMemory)
        #expect(installed > 64 << 20)
        #expect(available > 0 && available <= installed)
    }

    @Test func spaceIsThatOfExistingFolders() throws {
        let folder = try TemporaryFolder()
        #expect(try #require(Machine.freeSpace(at: folder.path("."))) > 0)
        #expect(Machine.freeSpace(at: folder.path("missing")) == nil)
    }
}
