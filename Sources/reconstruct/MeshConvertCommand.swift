// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Geometry
import Mesh
import Storage

/// `reconstruct mesh convert`
struct MeshConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a mesh in another format.",
        discussion: """
            Reads .ply, .obj and .stl; writes .ply, .obj, .stl and .glb, by the extension of OUTPUT. PLY and OBJ carry \
            64-bit coordinates where 32 bits would lose too much.
            """)

    @Argument(help: "Mesh to read.", completion: .file(extensions: ["ply", "obj", "stl"]))
    var input: String

    @Argument(help: "File to write.", completion: .file(extensions: MeshFileFormat.allCases.map(\.rawValue)))
    var output: String

    @Flag(help: "Write text instead of binary (.ply, .stl).")
    var ascii = false

    @Flag(help: "Replace an existing output.")
    var force = false

    @Option(help: "Multiply all coordinates by this positive number.")
    var scale = 1.0

    func validate() throws {
        guard scale > 0, scale.isFinite else { throw ValidationError("--scale must be positive and finite.") }
    }

    func run() throws {
        try withReportedErrors {
            let format = try MeshFileFormat(path: output)
            try OutputFile.check(output, replacing: force)
            let mesh = try NamedFileError.naming(input) {
                try MeshFile.read(input).transformed(by: UniformSimilarity(scale: scale, translation: .zero))
            }
            let chunks = try NamedFileError.naming(output) {
                try MeshFile.encode(mesh, as: format, encoding: ascii ? .text : .binary)
            }
            try OutputFile.write(chunks, to: output)
            print("\(output): \(mesh.positions.count) vertices, \(mesh.triangles.count) triangles")
        }
    }
}
