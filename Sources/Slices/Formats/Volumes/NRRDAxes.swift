// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Where a NRRD file puts its voxels, in RAS whatever the space of the file.
struct NRRDAxes {
    let origin: SIMD3<Double>
    let steps: Matrix3

    /// - Parameter rank: Dimensions of the file; with 4 the first one is no direction in space.
    init(_ text: NRRDText, rank: Int) throws(VolumeFileError) {
        let flip = try Self.flip(to: text.fields["space"])
        var directions: [SIMD3<Double>]
        if let value = text.fields["space directions"] {
            let all = try text.vectors(value, field: "space directions")
            guard all.count == rank else { throw .malformed("\(all.count) space directions for \(rank) dimensions") }
            guard rank == 3 || all[0] == nil else {
                throw .unsupported("4 dimensions in space; take one volume out of the series")
            }
            directions = all[(rank - 3)...].compactMap { $0 }
            guard directions.count == 3 else { throw .malformed("a volume has three space directions, not \(value)") }
        } else {
            guard rank == 3 else { throw .unsupported("4 dimensions without space directions") }
            directions = try Self.spacings(text)
        }
        directions = directions.map { $0 * flip }
        steps = Matrix3(columns: directions[0], directions[1], directions[2])
        guard let value = text.fields["space origin"] else {
            origin = .zero
            return
        }
        guard let point = try text.vectors(value, field: "space origin").first, let point else {
            throw .malformed("the space origin is \"\(value)\"")
        }
        origin = point * flip
    }

    /// Factors that turn coordinates of a space into RAS.
    private static func flip(to space: String?) throws(VolumeFileError) -> SIMD3<Double> {
        switch space?.lowercased() {
        case nil, "right-anterior-superior", "ras", "scanner-xyz", "3d-right-handed", "3d-left-handed":
            return SIMD3(1, 1, 1)
        case "left-anterior-superior", "las": return SIMD3(-1, 1, 1)
        case "left-posterior-superior", "lps": return SIMD3(-1, -1, 1)
        case let other?: throw .unsupported("the space \"\(other)\"; RAS, LAS and LPS are read")
        }
    }

    /// The older way: distances along the axes only.
    private static func spacings(_ text: NRRDText) throws(VolumeFileError) -> [SIMD3<Double>] {
        let values = try text.fields["spacings"].map { value throws(VolumeFileError) in
            try text.numbers(value, field: "spacings")
        }
        guard values == nil || values?.count == 3 else {
            throw .malformed("\(values?.count ?? 0) spacings for 3 dimensions")
        }
        let spacing = (values ?? [nil, nil, nil]).map { $0 ?? 1 }
        return [SIMD3(spacing[0], 0, 0), SIMD3(0, spacing[1], 0), SIMD3(0, 0, spacing[2])]
    }
}
