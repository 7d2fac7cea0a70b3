// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import Mesh
import TestSupport

extension PhotoSet {
    /// One file of the set.
    struct File {
        /// Below the folder of the set.
        let path: String
        let bytes: [UInt8]
    }

    /// Everything that belongs into the folder.
    func files(threads: Int) throws -> [File] {
        var files = [
            File(path: "truth/cameras.txt", bytes: Array(camerasText.utf8)),
            File(path: "truth/images.txt", bytes: Array(imagesText.utf8)),
            File(path: "truth/points3D.txt", bytes: Array("# none: the truth is the meshes\n".utf8)),
            File(path: "truth/object.ply", bytes: try ply(scene.objectMesh(cells: meshCells, threads: threads))),
            File(path: "truth/ground.ply", bytes: try ply(scene.tableMesh())),
        ]
        for (index, pose) in poses.enumerated() {
            var options = PhotographOptions()
            options.seed = UInt64(index)
            options.threads = threads
            let photo = scene.photograph(PhotoView(camera: camera, cameraFromWorld: pose), options: options)
            let bytes = try ImageFile.jpegData(photo, quality: jpegQuality)
            files.append(File(path: "images/\(imageNames[index])", bytes: bytes))
        }
        return files
    }

    private func ply(_ mesh: TriangleMesh) throws -> [UInt8] { try MeshFile.encode(mesh, as: .ply).flatMap { $0 } }

    private var camerasText: String {
        let parameters = camera.parameters.map { "\($0)" }.joined(separator: " ")
        return """
            # CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]
            1 \(camera.model.rawValue) \(camera.width) \(camera.height) \(parameters)

            """
    }

    private var imagesText: String {
        var lines = ["# IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME, then a line of POINTS2D[], here empty"]
        for (index, pose) in poses.enumerated() {
            let (q, t) = (pose.rotation, pose.translation)
            let numbers = [q.w, q.xyz.x, q.xyz.y, q.xyz.z, t.x, t.y, t.z].map { "\($0)" }.joined(separator: " ")
            lines += ["\(index + 1) \(numbers) 1 \(imageNames[index])", ""]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
