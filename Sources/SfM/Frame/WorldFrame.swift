// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images

/// Finds the map from a model's own frame to the world's: metres, up, north, as far as they are known.
public enum WorldFrame {
    /// Positions that decide a rotation: three, not on a line.
    private static let neededPositions = 3

    /// Finds the map.
    ///
    /// - Parameters:
    ///   - model: Cameras with poses, and points for the search of the ground.
    ///   - options: Where up and scale come from.
    ///   - metadata: Gives the metadata of a photo by the name of its image, for GPS; `nil` when photos are not at
    ///     hand.
    /// - Throws: ``FrameError``.
    public static func find(
        _ model: Reconstruction, options: FrameOptions, metadata: ((String) -> ExifMetadata?)? = nil
    ) throws(FrameError) -> FrameReport {
        switch options.scale {
        case .model, .distances:
            guard !options.isNothing else { throw .nothingAsked }
            return try levelled(model, options)
        case .positions(let positions):
            guard options.up == nil else { throw .upGivenTwice }
            return try aligned(model, to: positions, source: "positions", units: "given", seed: options.seed)
        case .gps:
            guard options.up == nil else { throw .upGivenTwice }
            guard let metadata else { throw .noPhotos }
            return try located(model, metadata: metadata, seed: options.seed)
        }
    }

    // MARK: Up and known distances

    /// Scale about the model's origin, which stays where it is, and the least rotation that turns up to +z.
    private static func levelled(_ model: Reconstruction, _ options: FrameOptions) throws(FrameError) -> FrameReport {
        var up: FrameReport.Up?
        var rotation = Quaternion.identity
        if let direction = options.up {
            var found = FrameReport.Up(source: direction, directionInModel: [])
            let axis: SIMD3<Double>
            if let given = direction.axis {
                axis = given
            } else {
                let search = try UpSearch(model, seed: options.seed)
                axis = search.up
                found.cameraAgreement = search.agreement
                found.groundShare = search.groundShare
            }
            found.directionInModel = [axis.x, axis.y, axis.z]
            rotation = leastRotation(from: axis, to: SIMD3(0, 0, 1))
            up = found
        }
        var (scale, residuals): (Double, [FrameReport.Residual]) = (1, [])
        var source = "model"
        if case .distances(let known) = options.scale {
            (scale, residuals) = try scaled(model, known)
            source = "distances"
        }
        var report = FrameReport(
            Similarity(scale: scale, rotation: rotation, translation: .zero), scaleSource: source,
            units: source == "model" ? "model" : "given")
        report.up = up
        report.residuals = residuals
        report.errors = ErrorStatistics(residuals.map(\.error))
        return report
    }

    /// The rotation in the plane of both unit vectors; about x when they are opposite.
    static func leastRotation(from: SIMD3<Double>, to: SIMD3<Double>) -> Quaternion {
        let axis = from.cross(to)
        let w = 1 + from.dot(to)
        guard w > 1e-9 else {
            let side = abs(from.x) < 0.9 ? SIMD3<Double>(1, 0, 0) : SIMD3(0, 1, 0)
            let normal = (side - side.dot(from) * from).normalized
            return Quaternion(w: 0, x: normal.x, y: normal.y, z: normal.z)
        }
        return Quaternion(w: w, x: axis.x, y: axis.y, z: axis.z)
    }

    /// The scale with the least sum of squared differences of distances.
    private static func scaled(
        _ model: Reconstruction, _ known: [KnownDistance]
    ) throws(FrameError) -> (Double, [FrameReport.Residual]) {
        var (lengths, products, squares): ([Double], Double, Double) = ([], 0, 0)
        for entry in known {
            let (a, b) = (try center(model, entry.first), try center(model, entry.second))
            let length = (a - b).length
            let problem: String? =
                !(entry.distance > 0 && entry.distance.isFinite)
                ? "\(entry.distance) is not a positive number"
                : !(length > 0 && length.isFinite) ? "both cameras are in one place" : nil
            if let problem { throw .badDistance(first: entry.first, second: entry.second, reason: problem) }
            lengths.append(length)
            products += length * entry.distance
            squares += length * length
        }
        guard squares > 0, products / squares > 0, (products / squares).isFinite else { throw .nothingAsked }
        let scale = products / squares
        let residuals = zip(known, lengths).map { entry, length in
            FrameReport.Residual(
                name: "\(entry.first):\(entry.second)", error: abs(scale * length - entry.distance), isUsed: true)
        }
        return (scale, residuals)
    }

    private static func center(_ model: Reconstruction, _ name: String) throws(FrameError) -> SIMD3<Double> {
        guard let id = model.imageID(named: name), let image = model.images[id] else { throw .unknownImage(name: name) }
        return image.cameraFromWorld.cameraCenterInWorld
    }

    // MARK: Positions

    private static func aligned(
        _ model: Reconstruction, to positions: [String: SIMD3<Double>], source: String, units: String, seed: UInt64
    ) throws(FrameError) -> FrameReport {
        var known: [ImageID: SIMD3<Double>] = [:]
        var unknown: [String] = []
        for (name, position) in positions.sorted(by: { $0.key < $1.key }) {
            if let id = model.imageID(named: name) { known[id] = position } else { unknown.append(name) }
        }
        let ids = known.keys.sorted()
        guard ids.count >= neededPositions else {
            throw .tooFewPositions(found: ids.count, needed: neededPositions, source: source)
        }
        let centers = ids.map { model.images[$0]?.cameraFromWorld.cameraCenterInWorld ?? .zero }
        let truth = ids.map { known[$0] ?? .zero }
        for points in [centers, truth] {
            let mean = CenterAlignment.mean(points)
            guard CenterAlignment.decidesRotation(points.map { $0 - mean }) else {
                throw .collinear(count: ids.count, source: source)
            }
        }
        let robust = RobustCenterAlignment(estimate: centers, truth: truth, seed: seed)
        guard
            let fit = robust?.alignment ?? CenterAlignment(estimate: centers, truth: truth, orientations: nil),
            fit.scale > 0, fit.scale.isFinite, fit.translation.isFinite
        else { throw .collinear(count: ids.count, source: source) }
        var report = FrameReport(fit.similarity, scaleSource: source, units: units)
        let errors = fit.errors(estimate: centers, truth: truth)
        let used = Set(robust.map { _ in RobustCenterAlignment.fitting(errors) } ?? Array(errors.indices))
        report.residuals = ids.indices.map { index in
            FrameReport.Residual(
                name: model.images[ids[index]]?.name ?? "", error: errors[index], isUsed: used.contains(index))
        }
        report.errors = ErrorStatistics(report.residuals.filter(\.isUsed).map(\.error))
        if !unknown.isEmpty {
            report.notes.append(
                "\(unknown.count) name(s) with a position are not in the model, such as \(unknown[0]).")
        }
        if ids.count == neededPositions {
            report.notes.append("Three positions leave nothing to check them by.")
        }
        return report
    }

    // MARK: GPS

    private static func located(
        _ model: Reconstruction, metadata: (String) -> ExifMetadata?, seed: UInt64
    ) throws(FrameError) -> FrameReport {
        let found = model.imageIDs.compactMap { id -> (name: String, position: GeographicPosition)? in
            guard let name = model.images[id]?.name, let position = metadata(name)?.position,
                position.latitude.isFinite, position.longitude.isFinite, position.altitude?.isFinite != false
            else { return nil }
            return (name, position)
        }
        // A missing altitude among others that are there would put its camera at sea level.
        let withAltitude = found.filter { $0.position.altitude != nil }
        let used = withAltitude.isEmpty ? found : withAltitude
        guard let first = used.first, used.count >= neededPositions else {
            throw .tooFewPositions(found: used.count, needed: neededPositions, source: "the GPS tags of the photos")
        }
        let plane = LocalTangentPlane(at: first.position)
        let positions = Dictionary(
            used.map { ($0.name, plane($0.position)) }, uniquingKeysWith: { first, _ in first })
        var report = try aligned(
            model, to: positions, source: "gps", units: "metres", seed: seed)
        report.origin = first.position
        if withAltitude.isEmpty {
            report.notes.append("The photos state no altitude: all cameras were taken to be at one height.")
        } else if withAltitude.count < found.count {
            report.notes.append("\(found.count - withAltitude.count) photo(s) without altitude were left out.")
        }
        return report
    }
}
