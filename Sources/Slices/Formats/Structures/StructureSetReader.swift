// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Turns DICOM structure sets (RTSTRUCT), as planning systems write them, into cross-sections.
///
/// World axes are right, anterior, superior, as in the other medical formats here; DICOM's x and y point the other way.
/// A structure is a label, by its number. Where contours of one structure lie within each other they are, by even and odd
/// depth, regions and holes; holes that a contour reaches over a bridge are taken apart.
enum StructureSetReader {
    /// Whether `bytes` begin a DICOM file.
    static func recognizes(_ bytes: [UInt8]) -> Bool {
        bytes.count > 132 && bytes[128..<132].elementsEqual("DICM".utf8)
    }

    /// Contours whose planes are closer than this, in millimetres, lie on one plane: coordinates are decimal texts of
    /// sixteen characters at most, often rounded to two digits.
    private static let planeDistance = 0.01
    /// Most contours of a structure on one plane: nesting takes time with their square.
    private static let mostLoops = 20_000
    /// Distance of a corner from its contour's plane, as a share of the contour's size.
    private static let flatness = 1e-3

    /// Reads a file.
    ///
    /// - Returns: Cross-sections in millimetres, names of the labels, and what a user should know.
    /// - Throws: ``StructureSetError``, ``SliceSetError``.
    static func read(_ path: String) throws -> (slices: SliceSet, names: [Int: String], notes: [String]) {
        let all = try StructureSetProcess.contours(ofFile: path)
        var names: [Int: String] = [:]
        var planes = PlaneCollection()
        var skipped = 0
        for (index, contour) in all.enumerated() {
            guard contour.kind.hasPrefix("CLOSED_PLANAR") else {
                skipped += 1
                continue
            }
            let corners = try corners(of: contour, number: index + 1)
            guard let plane = try plane(of: corners, contour, number: index + 1) else {
                skipped += 1
                continue
            }
            names[contour.structure] = contour.name
            planes.add(corners, structure: contour.structure, on: plane)
        }
        guard !planes.isEmpty else { throw StructureSetError.noContours }
        var notes: [String] = []
        if skipped > 0 { notes.append("\(skipped) contour(s) left out: points, open lines, or without area") }
        let sections = try planes.sections()
        notes += gaps(in: sections, names)
        return (try SliceSet(sections: sections), names.filter { !$0.value.isEmpty }, notes)
    }

    private static func corners(
        of contour: StructureSetProcess.Contour, number: Int
    ) throws(StructureSetError) -> [SIMD3<Double>] {
        let numbers = contour.numbers
        guard (1...Int(Int32.max)).contains(contour.structure) else {
            throw .contour(number: number, structure: contour.structure, reason: "structures have numbers from 1")
        }
        guard numbers.count % 3 == 0, numbers.allSatisfy({ abs($0) <= 1e7 }) else {
            throw .contour(
                number: number, structure: contour.structure,
                reason: "its coordinates are no triples of up to ten kilometres")
        }
        return stride(from: 0, to: numbers.count, by: 3).map { SIMD3(-numbers[$0], -numbers[$0 + 1], numbers[$0 + 2]) }
    }

    /// The plane of a contour; `nil` when it encloses no area.
    private static func plane(
        of corners: [SIMD3<Double>], _ contour: StructureSetProcess.Contour, number: Int
    ) throws(StructureSetError) -> SlicePlane? {
        guard let fit = PlaneFit(corners), fit.isDetermined, let box = Box(enclosing: corners) else { return nil }
        let plane = SlicePlane(origin: fit.centroid, normal: fit.normal)
        let limit = max(flatness * box.diagonal, planeDistance)
        guard corners.allSatisfy({ abs(plane.signedDistance(to: $0)) <= limit }) else {
            throw .contour(number: number, structure: contour.structure, reason: "its corners lie on no plane")
        }
        return plane
    }

    /// Planes without a contour of a structure that has some on both sides count as outside: a user should know.
    private static func gaps(in sections: [CrossSection], _ names: [Int: String]) -> [String] {
        guard let normal = sections.first?.plane.normal else { return [] }
        let ordered = sections.sorted { $0.plane.origin.dot(normal) < $1.plane.origin.dot(normal) }
        return names.keys.sorted().compactMap { label in
            let present = ordered.map { $0.labels.contains(label) }
            guard let first = present.firstIndex(of: true), let last = present.lastIndex(of: true) else { return nil }
            let missing = present[first...last].count { !$0 }
            guard missing > 0 else { return nil }
            return "structure \(label) has no contour on \(missing) plane(s) between its first and its last: "
                + "it counts as absent there"
        }
    }

    /// Contours by the plane they lie on, in the order of their first contours.
    private struct PlaneCollection {
        private var planes: [SlicePlane] = []
        private var loops: [[(structure: Int, corners: [SIMD2<Double>])]] = []
        /// Planes by where they cross the axis that they are most across, in steps of the least distance.
        private var places: [SIMD2<Int>: [Int]] = [:]

        var isEmpty: Bool { planes.isEmpty }

        mutating func add(_ corners: [SIMD3<Double>], structure: Int, on plane: SlicePlane) {
            let index = number(of: plane, corners)
            let flat = corners.map { planes[index].coordinates(of: $0) }
            for loop in KeyholeContour.loops(flat) where Self.hasArea(loop) { loops[index].append((structure, loop)) }
        }

        /// What is left of two bridges side by side, and the like, encloses nothing.
        private static func hasArea(_ loop: [SIMD2<Double>]) -> Bool {
            let size = loop.reduce(loop[0], pointwiseMax) - loop.reduce(loop[0], pointwiseMin)
            return abs(SlicePolygon(points: loop, label: 1).signedArea) > 1e-9 * size.dot(size)
        }

        /// The plane that all corners lie on, or a new one.
        private mutating func number(of plane: SlicePlane, _ corners: [SIMD3<Double>]) -> Int {
            let share = pointwiseMax(plane.normal, -plane.normal)
            let axis = share.x >= share.y ? (share.x >= share.z ? 0 : 2) : (share.y >= share.z ? 1 : 2)
            let normal = plane.normal[axis] < 0 ? -plane.normal : plane.normal
            let step = Int((plane.origin.dot(normal) / planeDistance).rounded())
            for near in [step, step - 1, step + 1] {
                for index in places[SIMD2(axis, near)] ?? []
                where corners.allSatisfy({ abs(planes[index].signedDistance(to: $0)) <= planeDistance }) {
                    return index
                }
            }
            planes.append(SlicePlane(origin: plane.origin, normal: normal))
            loops.append([])
            places[SIMD2(axis, step), default: []].append(planes.count - 1)
            return planes.count - 1
        }

        func sections() throws(StructureSetError) -> [CrossSection] {
            var sections: [CrossSection] = []
            for (index, plane) in planes.enumerated() {
                var section = CrossSection(plane: plane, polygons: [], number: index + 1)
                for structure in Set(loops[index].map(\.structure)).sorted() {
                    let own = loops[index].filter { $0.structure == structure }.map(\.corners)
                    guard own.count <= mostLoops else { throw .tooManyContours(structure: structure, count: own.count) }
                    section.append(ContourNesting.polygons(own, label: structure))
                }
                sections.append(section)
            }
            return sections
        }
    }
}
