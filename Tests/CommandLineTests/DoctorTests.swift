// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite struct DoctorTests {
    @Test func aMachineThatRunsTheTestsIsFit() throws {
        let folder = try TemporaryFolder()
        let result = try Program.run(["doctor", "--folder", folder.path("."), "--json"])
        #expect(result.status == 0, "\(result.output)")
        let checks = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: String]])
        #expect(
            checks.map { $0["name"] } == ["processor", "kernels", "memory", "disk", "writing", "libraries"])
        #expect(try folder.contents().isEmpty)
    }

    @Test func aFolderThatIsMissingIsNamed() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path("missing")
        let result = try Program.run(["doctor", "--folder", missing])
        #expect(result.status == 1)
        #expect(result.output.contains("BAD     disk") && result.output.contains(missing))
    }
}
