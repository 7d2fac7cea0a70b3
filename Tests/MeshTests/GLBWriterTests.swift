// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mesh
import Testing

/// Takes the written file apart by the glTF 2.0 specification.
@Suite struct GLBWriterTests {
    /// Chunks and the parts of the JSON that the tests ask for.
    private struct GLB {
        struct Document: Decodable {
            struct Node: Decodable { var translation: [Double]? }
            struct Primitive: Decodable {
                var attributes: [String: Int]
                var indices: Int
                var mode: Int
                var material: Int?
            }
            struct Material: Decodable {
                struct Reflection: Decodable { var metallicFactor: Double }
                var pbrMetallicRoughness: Reflection
            }
            struct MeshEntry: Decodable { var primitives: [Primitive] }
            struct Accessor: Decodable {
                var bufferView: Int
                var componentType: Int
                var count: Int
                var type: String
                var normalized: Bool?
                var min: [Double]?
                var max: [Double]?
            }
            struct View: Decodable {
                var buffer: Int
                var byteOffset: Int
                var byteLength: Int
                var target: Int
            }
            struct Buffer: Decodable { var byteLength: Int }
            struct Asset: Decodable { var version: String }
            var asset: Asset
            var nodes: [Node]?
            var meshes: [MeshEntry]?
            var materials: [Material]?
            var accessors: [Accessor]?
            var bufferViews: [View]?
            var buffers: [Buffer]?
        }

        var document: Document
        var data: [UInt8] = []

        init(_ mesh: TriangleMesh) throws {
            let bytes = Array(try MeshFile.encode(mesh, as: .glb).joined())
            let word = { (offset: Int) in Self.word(bytes[offset..<(offset + 4)]) }
            try #require(bytes.count >= 20)
            #expect(Array(bytes[..<4]) == Array("glTF".utf8))
            #expect(word(4) == 2)
            #expect(Int(word(8)) == bytes.count)
            let jsonLength = Int(word(12))
            #expect(jsonLength % 4 == 0)
            #expect(Array(bytes[16..<20]) == Array("JSON".utf8))
            document = try JSONDecoder().decode(Document.self, from: Data(bytes[20..<(20 + jsonLength)]))
            #expect(document.asset.version == "2.0")
            guard bytes.count > 20 + jsonLength else { return }
            let start = 20 + jsonLength
            #expect(Array(bytes[(start + 4)..<(start + 8)]) == Array("BIN\0".utf8))
            #expect(Int(word(start)) == bytes.count - start - 8 && word(start) % 4 == 0)
            data = Array(bytes[(start + 8)...])
        }

        /// Little-endian words of an accessor, after checking that it fits.
        func words(_ index: Int) throws -> (accessor: Document.Accessor, words: [UInt32]) {
            let accessor = try #require(document.accessors)[index]
            let view = try #require(document.bufferViews)[accessor.bufferView]
            let components = try #require(["SCALAR": 1, "VEC3": 3, "VEC4": 4][accessor.type])
            let size = try #require([5123: 2, 5125: 4, 5126: 4][accessor.componentType])
            #expect(view.byteLength == components * size * accessor.count && view.byteOffset % 4 == 0)
            try #require(view.byteOffset + view.byteLength <= data.count)
            let part = data[view.byteOffset..<(view.byteOffset + view.byteLength)]
            let words = stride(from: part.startIndex, to: part.endIndex, by: 4).map { Self.word(part[$0..<($0 + 4)]) }
            return (accessor, words)
        }

        private static func word(_ bytes: ArraySlice<UInt8>) -> UInt32 {
            bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }

        func positions() throws -> [SIMD3<Float>] {
            let primitive = try #require(document.meshes?.first?.primitives.first)
            let (accessor, words) = try words(#require(primitive.attributes["POSITION"]))
            let floats = words.map { Float(bitPattern: $0) }
            let positions = stride(from: 0, to: floats.count, by: 3).map {
                SIMD3(floats[$0], floats[$0 + 1], floats[$0 + 2])
            }
            for axis in 0..<3 {
                #expect(accessor.min.map { Float($0[axis]) } == positions.map { $0[axis] }.min())
                #expect(accessor.max.map { Float($0[axis]) } == positions.map { $0[axis] }.max())
            }
            return positions
        }
    }

    @Test func meshIsStoredWithItsAttributes() throws {
        let mesh = MeshSamples.decorated
        let glb = try GLB(mesh)
        #expect(glb.document.buffers?.map(\.byteLength) == [glb.data.count])
        #expect(glb.document.nodes?.first?.translation == nil)
        #expect(try glb.positions() == mesh.positions.map { SIMD3<Float>($0) })
        let primitive = try #require(glb.document.meshes?.first?.primitives.first)
        #expect(primitive.mode == 4)
        let (indices, words) = try glb.words(primitive.indices)
        #expect(indices.componentType == 5125 && indices.type == "SCALAR")
        #expect(words == mesh.triangles.flatMap { [$0.x, $0.y, $0.z] })
        let normals = try glb.words(#require(primitive.attributes["NORMAL"])).words
        #expect(normals.map { Float(bitPattern: $0) } == mesh.normals?.flatMap { [$0.x, $0.y, $0.z] })
        let (colors, channels) = try glb.words(#require(primitive.attributes["COLOR_0"]))
        #expect(colors.normalized == true && colors.type == "VEC4")
        // Back from linear light to bytes.
        let values = channels.flatMap { [$0 & 0xFFFF, $0 >> 16] }.map { Double($0) / 65_535 }
        for (index, color) in (mesh.colors ?? []).enumerated() {
            for channel in 0..<3 {
                let value = values[4 * index + channel]
                let encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
                #expect(abs(255 * encoded - Double(color[channel])) < 0.1)
            }
            #expect(values[4 * index + 3] == Double(color.w) / 255)
        }
        #expect(glb.document.materials?.first?.pbrMetallicRoughness.metallicFactor == 0)
        #expect(primitive.material == 0)
    }

    @Test func offsetOfAFarMeshIsInTheNode() throws {
        let mesh = MeshSamples.faraway
        let glb = try GLB(mesh)
        let offset = try #require(glb.document.nodes?.first?.translation)
        for (stored, position) in zip(try glb.positions(), mesh.positions) {
            let restored = SIMD3<Double>(stored) + SIMD3(offset[0], offset[1], offset[2])
            #expect(abs((restored - position).max()) < 1e-8 && abs((restored - position).min()) < 1e-8)
        }
    }

    @Test func emptyMeshIsAValidFile() throws {
        let glb = try GLB(TriangleMesh())
        #expect(glb.document.meshes == nil && glb.data.isEmpty)
        #expect(try GLB(TriangleMesh(positions: [SIMD3(1, 2, 3)])).data.isEmpty)
    }

    @Test func coordinatesBeyondTheRangeOfFloatStayFinite() throws {
        for size in [1e39, 1e308] {
            let glb = try GLB(MeshSamples.box(SIMD3(repeating: 0.5 * size), SIMD3(repeating: size)))
            let positions = try glb.positions()
            #expect(positions.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite })
            #expect(glb.document.nodes?.first?.translation?.allSatisfy { $0.isFinite } == true)
        }
    }
}
