// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Turns a CSL document into sections, and takes down what had to be repaired on the way.
///
/// The vertices decide: planes are fitted to them, and the stated equation only gives the side of the normal, a check, and
/// the plane of sections that have no contours. Real files have equations with the wrong sign of D, normals 14 long,
/// and contours that run the wrong way round.
struct CSLAssembler {
    private let document: CSLDocument
    /// Diagonal of the box of all used vertices, in world units.
    private let extent: Double
    /// Centre of that box.
    private let center: SIMD3<Double>
    private var log = SliceRepairLog()

    init(_ document: CSLDocument) {
        self.document = document
        let box = Box(enclosing: document.planes.lazy.flatMap { Self.usedVertices($0) })
        extent = box?.diagonal ?? 0
        center = box?.center ?? .zero
    }

    mutating func assemble() throws(SliceFileError) -> (SliceSet, [SliceRepair]) {
        var sections: [CrossSection] = []
        for (index, plane) in document.planes.enumerated() {
            if let section = section(of: plane, number: index + 1) { sections.append(section) }
        }
        checkLabels()
        do {
            return (try SliceSet(sections: sections), log.repairs)
        } catch {
            throw .unusable(error)
        }
    }

    /// `nil` when neither vertices nor equation tell where the plane is; such a plane has no contours either.
    private mutating func section(of record: CSLDocument.Plane, number: Int) -> CrossSection? {
        if record.statedNumber != number { log.note(.planeNumbering, plane: number) }
        let used = Self.usedVertices(record)
        if used.count < record.vertices.count, !record.components.isEmpty {
            log.note(.unusedVertices, plane: number, count: record.vertices.count - used.count)
        }
        let points = used.isEmpty ? record.vertices : used
        guard let plane = plane(through: points, equation: record.equation, number: number) else {
            log.note(.emptyPlanes, plane: number)
            return nil
        }
        let polygons = polygons(of: record, on: plane, number: number)
        guard !polygons.isEmpty else {
            log.note(.emptyPlanes, plane: number)
            // Near the solid, so that plane coordinates of an empty plane are of use.
            let foot = center - plane.signedDistance(to: center) * plane.normal
            return CrossSection(plane: plane.through(foot), polygons: [], number: number)
        }
        return CrossSection(plane: plane, polygons: polygons, number: number)
    }

    private static func usedVertices(_ record: CSLDocument.Plane) -> [SIMD3<Double>] {
        var isUsed = [Bool](repeating: false, count: record.vertices.count)
        for component in record.components { for index in component.indices { isUsed[index] = true } }
        return zip(record.vertices, isUsed).compactMap { $1 ? $0 : nil }
    }

    private mutating func checkLabels() {
        let components = document.planes.flatMap(\.components)
        let used = components.filter { $0.parent == nil }.map(\.label).max() ?? 0
        // Some writers give holes a label of their own and count it.
        let usedByHoles = components.map(\.label).max() ?? 0
        if document.declaredLabels - 1 != used, document.declaredLabels - 1 != usedByHoles {
            log.labelCount(declared: document.declaredLabels, largestUsed: used)
        }
    }
}

// MARK: - Planes

extension CSLAssembler {
    /// Share of the extent of a section by which a plane may miss its vertices; the same as in our evaluation.
    private static let tolerance = 1e-3
    /// Below this the square of a normal loses digits, and below 10⁻¹⁶² all of them; such a normal states nothing.
    private static let shortestNormal = 1e-140

    private mutating func plane(
        through points: [SIMD3<Double>], equation: SIMD4<Double>, number: Int
    ) -> SlicePlane? {
        let stated = SIMD3(equation.x, equation.y, equation.z)
        let length = stated.length > Self.shortestNormal ? stated.length : 0
        if abs(length - 1) > 1e-3 { log.note(.normalNotUnit, plane: number) }
        let statedPlane =
            length > 0
            ? SlicePlane(origin: (-equation.w / length) * (stated / length), normal: stated) : nil
        guard let fit = PlaneFit(points) else { return statedPlane }
        let limit = Self.tolerance * max((Box(enclosing: points)?.diagonal ?? 0), 1e-12 * extent)
        let misses = statedPlane.map { Self.misses($0, points, limit) }
        guard fit.isDetermined else {
            // On a line: the equation gives the direction, the vertices the place.
            if misses != 0 { log.note(.equationDisagrees, plane: number) }
            return statedPlane?.through(fit.centroid)
        }
        var normal = fit.normal
        // Without a stated normal the largest component decides, so that the result does not depend on rounding.
        let share = pointwiseMax(normal, -normal)
        let axis = share.x >= share.y ? (share.x >= share.z ? 0 : 2) : (share.y >= share.z ? 1 : 2)
        if length > 0 ? normal.dot(stated) < 0 : normal[axis] < 0 { normal = -normal }
        let fitted = SlicePlane(origin: fit.centroid, normal: normal)
        let fittedMisses = Self.misses(fitted, points, limit)
        if let statedPlane, let misses, misses > 0 || fittedMisses > 0 {
            // A few stray vertices tilt the fit; then the equation explains more of them.
            if misses < fittedMisses {
                log.note(.verticesOffPlane, plane: number, count: misses)
                let foot = fit.centroid - statedPlane.signedDistance(to: fit.centroid) * statedPlane.normal
                return statedPlane.through(foot)
            }
            if misses > 0 { log.note(.equationDisagrees, plane: number) }
        }
        if fittedMisses > 0 { log.note(.verticesOffPlane, plane: number, count: fittedMisses) }
        return fitted
    }

    private static func misses(_ plane: SlicePlane, _ points: [SIMD3<Double>], _ limit: Double) -> Int {
        points.count { abs(plane.signedDistance(to: $0)) > limit }
    }
}

// MARK: - Contours

extension CSLAssembler {
    private mutating func polygons(
        of record: CSLDocument.Plane, on plane: SlicePlane, number: Int
    ) -> [SlicePolygon] {
        let flat = record.vertices.map { plane.coordinates(of: $0) }
        var corners: [[SIMD2<Double>]] = []
        for component in record.components { corners.append(cleaned(component, flat, number: number)) }
        var renumbered: [Int: Int] = [:]
        for (index, component) in record.components.enumerated() {
            guard !corners[index].isEmpty else { continue }
            if let parent = component.parent, corners[parent].isEmpty { continue }
            renumbered[index] = renumbered.count
        }
        var result: [SlicePolygon] = []
        for (index, component) in record.components.enumerated() where !corners[index].isEmpty {
            guard renumbered[index] != nil else {
                log.note(.orphanedHoles, plane: number, count: 1)
                continue
            }
            var polygon = SlicePolygon(points: corners[index], label: component.label)
            if let parent = component.parent {
                polygon.label = record.components[parent].label
                polygon.parent = renumbered[parent]
            }
            let area = polygon.signedArea
            if polygon.isHole ? area > 0 : area < 0 {
                polygon.points.reverse()
                log.note(.windingReversed, plane: number, count: 1)
            }
            result.append(polygon)
        }
        return result
    }

    /// The corners without repetitions; empty when they enclose no area.
    private mutating func cleaned(
        _ component: CSLDocument.Component, _ flat: [SIMD2<Double>], number: Int
    ) -> [SIMD2<Double>] {
        var points: [SIMD2<Double>] = []
        points.reserveCapacity(component.indices.count)
        for index in component.indices where points.last != flat[index] { points.append(flat[index]) }
        while points.count > 1, points.first == points.last { points.removeLast() }
        let isFlat = Self.isFlat(points, tolerance: 1e-9 * extent)
        if points.count < component.indices.count, !isFlat {
            log.note(.repeatedCorners, plane: number, count: component.indices.count - points.count)
        }
        if isFlat { log.note(.flatContours, plane: number, count: 1) }
        return isFlat ? [] : points
    }

    /// Whether all points lie within `tolerance` of one line.
    private static func isFlat(_ points: [SIMD2<Double>], tolerance: Double) -> Bool {
        guard points.count >= 3 else { return true }
        let first = points[0]
        var direction = SIMD2<Double>()
        for point in points where (point - first).dot(point - first) > direction.dot(direction) {
            direction = point - first
        }
        let length = direction.length
        guard length > 0 else { return true }
        return points.allSatisfy { abs(direction.cross($0 - first)) <= tolerance * length }
    }
}
