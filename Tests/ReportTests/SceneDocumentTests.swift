// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Mesh
import Report
import Testing

@Suite struct SceneDocumentTests {
    /// What a browser reads.
    private struct Content: Decodable {
        struct Slice: Decodable {
            var offset: Int
            var count: Int
        }
        struct Mesh: Decodable {
            var lower: [Float]
            var upper: [Float]
            var positions: Slice
            var indices: Slice
            var isWide: Bool
        }
        var points: Slice
        var mesh: Mesh?
    }

    private static func read(_ document: SceneDocument) throws -> (Content, [UInt8]) {
        let content = try JSONDecoder().decode(Content.self, from: Data(document.description.utf8))
        return (content, [UInt8](try #require(Data(base64Encoded: document.data))))
    }

    /// Far from the origin, as surveys are, single precision alone would be off by a quarter.
    @Test(arguments: [SIMD3<Double>.zero, SIMD3(500_000, 5_400_000, 120)])
    func aMeshComesBackToAHundredThousandth(center: SIMD3<Double>) throws {
        var content = SceneContent()
        let mesh = try SampleReports.sphere(cells: 24, center: center)
        content.mesh = mesh
        let (read, bytes) = try Self.read(SceneDocument(content))
        let found = try #require(read.mesh)
        #expect(found.positions.count == 3 * mesh.positions.count && found.indices.count == 3 * mesh.triangles.count)
        let frame = SceneFrame(content)
        var worst = 0.0
        for (index, position) in mesh.positions.enumerated() {
            for axis in 0..<3 {
                let place = found.positions.offset + 2 * (3 * index + axis)
                let share = Double(UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8) / 65_535
                let (low, high) = (Double(found.lower[axis]), Double(found.upper[axis]))
                let local = (position[axis] - frame.center[axis]) / frame.radius
                worst = max(worst, abs(low + share * (high - low) - local))
            }
        }
        #expect(worst < 2e-5, "\(worst)")
    }

    @Test func largeContentsAreCutDownAndSaySo() throws {
        var content = SceneContent()
        let mesh = try SampleReports.sphere(cells: 190)
        #expect(mesh.triangles.count > SceneLimits.faces)
        content.mesh = mesh
        content.points = (0..<200_000).map { SIMD3(Double($0 % 100), Double($0 / 100 % 50), 0) * 0.01 }
        content.pointColors = Array(repeating: SIMD3(1, 2, 3), count: 200_000)
        let limited = content.limited()
        #expect((limited.mesh?.triangles.count ?? 0) <= SceneLimits.faces)
        #expect(limited.mesh?.colors != nil)
        #expect(limited.points.count == SceneLimits.points && limited.pointColors.count == SceneLimits.points)
        #expect(limited.notes.count == 2)
        let document = try SceneDocument(content)
        #expect(document.byteCount < 4_000_000)
        let again = try SceneDocument(content)
        #expect(document.data == again.data && document.description == again.description)
    }

    @Test func farBackgroundIsLeftOut() throws {
        var content = SceneContent()
        content.points = (0..<100).map { SIMD3(Double($0 % 10), Double($0 / 10), 1) } + [SIMD3(0, 0, 1e7)]
        content.pointColors = Array(repeating: .zero, count: 101)
        #expect(try Self.read(SceneDocument(content)).0.points.count == 300)
    }
}
