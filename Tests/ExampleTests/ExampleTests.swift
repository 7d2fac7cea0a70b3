// SPDX-License-Identifier: Apache-2.0

import Examples
import FoundationEssentials
import Geometry
import Images
import Mesh
import SfM
import Slices
import TestSupport
import Testing

/// What `Examples/` and the documentation show does what they say.
@Suite struct ExampleTests {
    private static let owl = "\(SharedData.packageRoot)/datasets/owl"
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func aFormulaBecomesAMesh() throws {
        let path = folder.path("torus.ply")
        let mesh = try writeTorus(majorRadius: 2, minorRadius: 0.5, cells: 96, to: path)
        let report = try MeshReport(of: mesh)
        #expect(report.isClosed && report.isManifold && report.genus == 1)
        // Pappus: the disc's area times the way of its centre.
        let volume = 2 * Double.pi * 2 * Double.pi * 0.25
        #expect(abs((report.volume ?? 0) - volume) < 0.01 * volume)
        #expect(try MeshFile.read(path).triangles.count == mesh.triangles.count)
    }

    @Test func slicesBecomeASurface() throws {
        let (mesh, agreement) = try fitSurface(
            toSlicesAt: "\(SharedData.packageRoot)/datasets/slices/peanut.csl", steps: 200)
        #expect(try MeshReport(of: mesh).isClosed)
        #expect(agreement.meanIoU > 0.9, "\(agreement.meanIoU)")
    }

    @Test func aModelAndAMeshGiveDepth() throws {
        let (model, object) = ("\(Self.owl)/truth", "\(Self.owl)/truth/object.ply")
        #expect(try depthMap(ofImage: "none.jpg", inModel: model, mesh: object) == nil)
        let map = try #require(try depthMap(ofImage: "owl-00.jpg", inModel: model, mesh: object))
        let seen = map.values.indices.filter { map.values[$0] > 0 }
        #expect(seen.count > map.values.count / 20)

        // Every hundredth place, put back into the world, lies on the owl.
        let scene = try ColmapModel.read(model).reconstruction
        let image = try #require(scene.images.values.first { $0.name == "owl-00.jpg" })
        let camera = try #require(scene.cameras[image.cameraID])
        let tree = TriangleTree(try MeshFile.read(object))
        for place in seen where place.isMultiple(of: 100) {
            let pixel = SIMD2(Double(place % map.width) + 0.5, Double(place / map.width) + 0.5)
            let x = camera.normalized(ofPixel: pixel)
            let point = image.cameraFromWorld.inverse(Double(map.values[place]) * SIMD3(x.x, x.y, 1))
            #expect(try #require(tree.nearest(to: point)).distance < 1e-5)
        }
    }

    @Test func photosBecomeAMap() throws {
        let photos = folder.path("photos")
        try FileManager.default.createDirectory(atPath: photos, withIntermediateDirectories: true)
        for name in ["owl-00.jpg", "owl-01.jpg", "owl-02.jpg"] {
            try FileManager.default.copyItem(atPath: "\(Self.owl)/images/\(name)", toPath: "\(photos)/\(name)")
        }
        let report = try #require(try mapPhotos(in: photos, workspace: folder.path("out")))
        #expect(report.models.first?.images == 3)
    }

    @Test func aPhotoBecomesSmaller() throws {
        let small = try shrinkPhoto("\(Self.owl)/images/owl-00.jpg", to: folder.path("small.png"), side: 160)
        #expect(small.width == 160 && small.height == 120)
        #expect(try ImageFile.read(folder.path("small.png")) == small)
    }
}
