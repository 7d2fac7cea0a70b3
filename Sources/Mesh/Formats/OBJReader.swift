// SPDX-License-Identifier: Apache-2.0

import Storage

/// Reads the polygons of an OBJ file: `v`, `vn`, `f`; other known statements are passed over.
///
/// Polygons become fans. Normals are kept when every corner names the normal with the number of its vertex, colours when
/// every vertex has them (three numbers from 0 to 1 after the coordinates).
struct OBJReader {
    private static let ignored: Set<String> = [
        "vt", "vp", "g", "o", "s", "l", "p", "usemtl", "mtllib", "usemap", "maplib", "cstype", "deg", "bmat", "step",
        "curv", "curv2", "surf", "parm", "trim", "hole", "scrv", "sp", "end", "con", "mg", "bevel", "c_interp",
        "d_interp", "lod", "shadow_obj", "trace_obj", "ctech", "stech",
    ]

    private var scanner: TextScanner
    private var mesh = TriangleMesh()
    private var normals: [SIMD3<Float>] = []
    private var normalsMatch = true
    private var colors: [SIMD4<UInt8>] = []
    /// Largest vertex index that a face names, and the line of the first face that does.
    private var largest = (index: -1, line: 0)

    static func read(_ bytes: UnsafeRawBufferPointer) throws(MeshFileError) -> TriangleMesh {
        var reader = OBJReader(scanner: TextScanner(bytes.bindMemory(to: UInt8.self)))
        while reader.scanner.skipSpace() { try reader.statement() }
        return try reader.finish()
    }

    private init(scanner: TextScanner) { self.scanner = scanner }

    private func error(_ reason: String) -> MeshFileError { .malformed(.obj, .line(scanner.line), reason) }

    private mutating func statement() throws(MeshFileError) {
        guard let token = scanner.tokenOnLine() else { return }
        if token.first != 0x23 {
            switch token.count <= 16 ? String(decoding: token, as: UTF8.self) : "" {
            case "v": try vertex()
            case "vn":
                let normal = SIMD3<Float>(try vector(try numbers()))
                normals.append((normal.x + normal.y + normal.z).isFinite ? normal : .zero)
            case "f": try face()
            case let name where Self.ignored.contains(name): break
            default: throw error("unknown statement.")
            }
        }
        scanner.skipLine()
    }

    /// The next word of the statement; a backslash at the end of a line continues it.
    private mutating func word() -> UnsafeBufferPointer<UInt8>? {
        while let token = scanner.tokenOnLine() {
            guard token.count == 1, token[0] == 0x5C else { return token.first == 0x23 ? nil : token }
            scanner.skipLine()
        }
        return nil
    }

    /// All numbers of the statement, at most eight.
    private mutating func numbers() throws(MeshFileError) -> [Double] {
        var result: [Double] = []
        while let token = word() {
            guard let value = TextScanner.number(token) else { throw error("expected a finite number.") }
            guard result.count < 8 else { throw error("too many numbers.") }
            result.append(value)
        }
        return result
    }

    private func vector(_ numbers: [Double]) throws(MeshFileError) -> SIMD3<Double> {
        guard numbers.count >= 3 else { throw error("expected three numbers.") }
        return SIMD3(numbers[0], numbers[1], numbers[2])
    }

    private mutating func vertex() throws(MeshFileError) {
        let numbers = try numbers()
        mesh.positions.append(try vector(numbers))
        guard numbers.count >= 6 else { return }
        let rgb = numbers.suffix(3).map { UInt8((255 * min(max($0, 0), 1)).rounded()) }
        colors.append(SIMD4(rgb[0], rgb[1], rgb[2], 255))
    }

    private mutating func face() throws(MeshFileError) {
        var first: UInt32?
        var previous: UInt32 = 0
        var count = 0
        while let token = word() {
            let corner = try corner(token)
            if count >= 2, let first { mesh.triangles.append(SIMD3(first, previous, corner)) }
            if first == nil { first = corner }
            previous = corner
            count += 1
        }
        guard count >= 3 else { throw error("a face needs at least three corners.") }
    }

    /// Vertex index of `v`, `v/vt`, `v//vn` or `v/vt/vn`.
    private mutating func corner(_ token: UnsafeBufferPointer<UInt8>) throws(MeshFileError) -> UInt32 {
        let parts = token.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard parts.count <= 3 else { throw error("expected vertex/texture/normal.") }
        let vertex = try index(parts[0], count: mesh.positions.count)
        if parts.count >= 2, !parts[1].isEmpty { _ = try index(parts[1], count: Int(UInt32.max)) }
        if parts.count == 3, !parts[2].isEmpty {
            if try index(parts[2], count: normals.count) != vertex { normalsMatch = false }
        } else {
            normalsMatch = false
        }
        if Int(vertex) > largest.index { largest = (Int(vertex), scanner.line) }
        return vertex
    }

    /// Turns an index from 1, or a negative one from the end, into one from 0.
    private func index(_ digits: Slice<UnsafeBufferPointer<UInt8>>, count: Int) throws(MeshFileError) -> UInt32 {
        guard let raw = TextScanner.integer(UnsafeBufferPointer(rebasing: digits)), raw != 0 else {
            throw error("expected a whole number other than 0.")
        }
        // Absolute indices may name later vertices; they are checked at the end.
        guard let result = UInt32(exactly: raw > 0 ? raw - 1 : count + raw), result < .max else {
            throw error("index \(raw) is out of range.")
        }
        return result
    }

    private consuming func finish() throws(MeshFileError) -> TriangleMesh {
        guard largest.index < mesh.positions.count else {
            throw .malformed(
                .obj, .line(largest.line),
                "a face names vertex \(largest.index + 1), but there are \(mesh.positions.count).")
        }
        let hasNormals = normalsMatch && !normals.isEmpty && normals.count == mesh.positions.count
        mesh.normals = hasNormals ? normals : nil
        mesh.colors = !colors.isEmpty && colors.count == mesh.positions.count ? colors : nil
        return mesh
    }
}
