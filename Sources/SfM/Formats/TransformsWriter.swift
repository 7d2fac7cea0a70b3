// SPDX-License-Identifier: Apache-2.0

import Geometry
import Storage

/// Writes `transforms.json` with keys in a fixed order and one row of a matrix a line.
struct TransformsWriter {
    let model: Reconstruction
    let photoFolder: String
    let pointFile: String?

    func chunks() -> [[UInt8]] {
        var writer = TextWriter()
        writer.line("{")
        let used = Set(model.images.values.map(\.cameraID)).sorted()
        let shared = used.count == 1 ? model.cameras[used[0]] : nil
        if let shared { for line in Self.intrinsics(shared) { writer.line("  \(line),") } }
        writer.line("  \"applied_transform\": [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],")
        if let pointFile { writer.line("  \"ply_file_path\": \(Self.quoted(pointFile)),") }
        writer.line("  \"frames\": [")
        let ids = model.imageIDs
        for (index, id) in ids.enumerated() {
            guard let image = model.images[id] else { continue }
            writer.line("    {")
            let path = photoFolder.isEmpty ? image.name : "\(photoFolder)/\(image.name)"
            writer.line("      \"file_path\": \(Self.quoted(path)),")
            writer.line("      \"colmap_im_id\": \(id),")
            if shared == nil, let camera = model.cameras[image.cameraID] {
                for line in Self.intrinsics(camera) { writer.line("      \(line),") }
            }
            writer.line("      \"transform_matrix\": [")
            for row in Self.rows(image.cameraFromWorld) { writer.line("        [\(row)],") }
            writer.line("        [0, 0, 0, 1]")
            writer.line("      ]")
            writer.line(index + 1 < ids.count ? "    }," : "    }")
        }
        writer.line("  ]")
        writer.line("}")
        return writer.chunks
    }

    /// The first three rows of `worldFromCamera` with OpenGL's camera axes.
    private static func rows(_ cameraFromWorld: RigidTransform) -> [String] {
        let worldFromCamera = cameraFromWorld.inverse
        let (r, t) = (worldFromCamera.rotation.matrix, worldFromCamera.translation)
        return (0..<3).map { row in "\(r[row, 0]), \(-r[row, 1]), \(-r[row, 2]), \(t[row])" }
    }

    private static func intrinsics(_ camera: Camera) -> [String] {
        let (focal, center) = (camera.focalLengths, camera.principalPoint)
        let names = camera.model == .openCV ? ["k1", "k2", "p1", "p2"] : ["k1", "k2"]
        return [
            "\"camera_model\": \"\(camera.model.rawValue)\"", "\"w\": \(camera.width)", "\"h\": \(camera.height)",
            "\"fl_x\": \(focal.x)", "\"fl_y\": \(focal.y)", "\"cx\": \(center.x)", "\"cy\": \(center.y)",
        ] + zip(names, camera.distortion).map { "\"\($0)\": \($1)" }
    }

    /// A JSON string.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case let control where control.value < 0x20:
                let digits = String(control.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
