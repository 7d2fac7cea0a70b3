// SPDX-License-Identifier: Apache-2.0
// Marching cubes on a grid of 256³ nodes; one JSON object on standard output.
// Usage: iso-bench GRID.raw  (writes the gyroid's values there, 32-bit floats, x fastest, for other programs to read)

import CPeak
import Dispatch
import Geometry
import Glibc
import Mesh

/// sin x cos y + sin y cos z + sin z cos x in a ball, with `periods` periods along each side of the grid. The gradient of
/// the sum is at most √3 by its arguments, so the field rises by at most 1 per length.
func gyroid(periods: Float) -> ClosureField {
    let frequency = periods * Float.pi
    let slope = frequency * Float(3).squareRoot()
    return ClosureField { point in
        let p = point * frequency
        let sheet = sin(p.x) * cos(p.y) + sin(p.y) * cos(p.z) + sin(p.z) * cos(p.x)
        return max(sheet / slope, point.length - 0.95)
    }
}
let ball = ClosureField { $0.length - 0.8 }
let ring = ClosureField { point in
    let distance = (point.x * point.x + point.y * point.y).squareRoot() - 0.6
    return (distance * distance + point.z * point.z).squareRoot() - 0.25
}

struct Timing {
    var cpu: Double
    var wall: Double
}

/// The least disturbed of several runs.
func best(repeats: Int = 7, _ body: () throws -> Void) rethrows -> Timing {
    var best = Timing(cpu: .infinity, wall: .infinity)
    for _ in 0..<repeats {
        let cpu = peak_process_seconds()
        let wall = DispatchTime.now().uptimeNanoseconds
        try body()
        best.wall = min(best.wall, Double(DispatchTime.now().uptimeNanoseconds - wall) * 1e-9)
        best.cpu = min(best.cpu, peak_process_seconds() - cpu)
    }
    return best
}

func fail(_ message: String) -> Never {
    let bytes = Array("iso-bench: \(message)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    exit(1)
}

guard CommandLine.arguments.count == 2, let file = fopen(CommandLine.arguments[1], "wb") else {
    fail("give one file that can be written")
}
let grid = RegularGrid(
    origin: SIMD3(repeating: -1), spacing: SIMD3(repeating: 2.0 / 255), counts: SIMD3(repeating: 256))
let values = grid.sample(gyroid(periods: 4), threads: 2)
_ = values.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
fclose(file)

var results: [String] = []
var mesh = TriangleMesh()
for threads in [1, 2] {
    let timing = try best { mesh = try MarchingCubes.extract(grid: grid, values: values, threads: threads) }
    results.append("\"dense_cpu_seconds_\(threads)\": \(timing.cpu)")
    results.append("\"dense_wall_seconds_\(threads)\": \(timing.wall)")
}
results.append("\"vertices\": \(mesh.positions.count)")
results.append("\"triangles\": \(mesh.triangles.count)")
for (name, field) in [
    ("gyroid_2", gyroid(periods: 2)), ("gyroid_4", gyroid(periods: 4)), ("ball", ball), ("torus", ring),
] {
    var search = SparseSearchOptions()
    search.gradientBound = 1
    var sparse: SparseExtraction?
    let timing = try best(repeats: 3) {
        sparse = try MarchingCubes.extract(from: field, grid: grid, search: search, threads: 1)
    }
    guard let sparse else { continue }
    let dense = try MarchingCubes.extract(grid: grid, values: grid.sample(field, threads: 2), threads: 2)
    guard dense == sparse.mesh else {
        fail("sparse and dense meshes of the \(name) differ")
    }
    results.append("\"sparse_\(name)_queries_saved\": \(Double(sparse.denseNodes) / Double(sparse.queries))")
    results.append("\"sparse_\(name)_cpu_seconds\": \(timing.cpu)")
}
print("{\n  " + results.joined(separator: ",\n  ") + "\n}")
