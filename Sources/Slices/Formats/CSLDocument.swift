// SPDX-License-Identifier: Apache-2.0

/// A CSL file as written, checked for grammar and index ranges only.
struct CSLDocument {
    /// One polygon: indices into the vertices of its plane.
    struct Component {
        var parent: Int?
        var label: Int
        var indices: [Int]
    }

    /// One plane record. The stated plane is `equation.x·x + equation.y·y + equation.z·z + equation.w = 0`.
    struct Plane {
        var statedNumber: Int
        var equation: SIMD4<Double>
        var vertices: [SIMD3<Double>]
        var components: [Component]
    }

    /// Label count of the header, outside included; often wrong in real files.
    var declaredLabels: Int
    var planes: [Plane]
}
