// SPDX-License-Identifier: Apache-2.0

extension TriangleMesh {
    /// The mesh without faces that name a vertex twice, and without doubled faces, and how many of each were dropped.
    ///
    /// Of faces with the same corners in the same sense, the first stays. Two in opposite senses enclose nothing: both go,
    /// which leaves the boundary as it is. Faces without area but with three different corners stay, since without them the
    /// surface would be open there.
    public func removingDuplicateFaces() -> (mesh: TriangleMesh, collapsed: Int, duplicates: Int) {
        let proper = triangles.indices.filter { triangles[$0].isProper }
        // Faces with equal corners become neighbours; the number of the face decides last.
        let keys = proper.map { (corners: Self.sorted(triangles[$0]), face: $0) }
            .sorted {
                ($0.corners.x, $0.corners.y, $0.corners.z, $0.face) < (
                    $1.corners.x, $1.corners.y, $1.corners.z, $1.face
                )
            }
        var isKept = [Bool](repeating: false, count: triangles.count)
        var kept = 0
        var first = 0
        while first < keys.count {
            var last = first + 1
            while last < keys.count, keys[last].corners == keys[first].corners { last += 1 }
            let faces = keys[first..<last].map(\.face)
            let even = faces.filter { Self.isEven(triangles[$0]) }
            let odd = faces.filter { !Self.isEven(triangles[$0]) }
            if even.isEmpty != odd.isEmpty {
                isKept[faces[0]] = true
                kept += 1
            } else if even.count != odd.count {
                isKept[even.count > odd.count ? even[0] : odd[0]] = true
                kept += 1
            }
            first = last
        }
        var result = self
        result.triangles = triangles.indices.filter { isKept[$0] }.map { triangles[$0] }
        return (result, triangles.count - proper.count, proper.count - kept)
    }

    private static func sorted(_ face: SIMD3<UInt32>) -> SIMD3<UInt32> {
        let (low, high) = (face.min(), face.max())
        return SIMD3(low, face.x ^ face.y ^ face.z ^ low ^ high, high)
    }

    /// Whether the corners run upwards from the smallest: the sense in which a face is walked.
    private static func isEven(_ face: SIMD3<UInt32>) -> Bool {
        face.x < face.y ? (face.y < face.z || face.z < face.x) : (face.y < face.z && face.z < face.x)
    }
}
