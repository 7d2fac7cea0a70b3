import ArgumentParser
import Foundation
import Geometry
import Mesh
import Slices
import Storage

struct SlicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "slices")
    @Argument var input: String
    @Option(name: .shortAndLong) var output: String
    @Option var options: String?
    @Option var seed: UInt64 = 1
    @Flag var printOptions = false
    @Option var threads: Int = Parallel.defaultThreadCount

    func run() throws {
        var o = SliceReconstructionOptions()
        if let options { o = try JSONDecoder().decode(SliceReconstructionOptions.self, from: Data(contentsOf: URL(fileURLWithPath: options))) }
        o.seed = seed
        if printOptions {
            let e = JSONEncoder(); e.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try e.encode(o), as: UTF8.self)); return
        }
        let (s, _) = try CSLReader.read(path: input)
        let r = try SliceReconstructor(s, options: o, threads: threads)
        let t0 = Date()
        r.train(progress: { if $0.completed % 200 == 0 { FileHandle.standardError.write("\($0.completed) \($0.figure!)\n".data(using: .utf8)!) } })
        let t1 = Date()
        let x = try r.extract()
        let t2 = Date()
        let m = x.mesh.transformed(by: r.cubeFromWorld.inverse)
        var d = Data("ply\nformat binary_little_endian 1.0\nelement vertex \(m.positions.count)\nproperty float x\nproperty float y\nproperty float z\nelement face \(m.triangles.count)\nproperty list uchar int vertex_indices\nend_header\n".utf8)
        for p in m.positions { let q = SIMD3<Float>(p); for a in 0..<3 { withUnsafeBytes(of: q[a]) { d.append(contentsOf: $0) } } }
        for t in m.triangles { d.append(3); for a in 0..<3 { withUnsafeBytes(of: t[a]) { d.append(contentsOf: $0) } } }
        try d.write(to: URL(fileURLWithPath: output))
        FileHandle.standardError.write("train \(t1.timeIntervalSince(t0)) extract \(t2.timeIntervalSince(t1)) queries \(x.queries) of \(x.denseNodes) faces \(m.triangles.count)\n".data(using: .utf8)!)
    }
}
