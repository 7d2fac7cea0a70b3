// SPDX-License-Identifier: Apache-2.0

import Geometry

/// What is tidied up in a mesh.
public struct MeshCleaningOptions: Hashable, Sendable, Codable {
    /// Components with less than this share of the largest one's area are dropped, 0 to 1.
    public var minimumAreaShare = 0.01
    /// Faces with a vertex of less confidence than this are dropped, 0 to 1.
    public var minimumConfidence = 0.0
    /// Holes with a boundary of at most this length are filled, in percent of the diagonal of the bounds, 0 to 100.
    public var holePerimeterPercent = 2.0
    /// Whether faces are turned until neighbours agree, and a closed surface outwards.
    public var orients = true

    /// The defaults.
    public init() {}

    /// Throws when a value cannot work.
    public func validate() throws(OptionsError) {
        try OptionsError.require(
            (0...1).contains(minimumAreaShare), "minimumAreaShare", minimumAreaShare, allowed: "0 to 1")
        try OptionsError.require(
            (0...1).contains(minimumConfidence), "minimumConfidence", minimumConfidence, allowed: "0 to 1")
        try OptionsError.require(
            (0...100).contains(holePerimeterPercent), "holePerimeterPercent", holePerimeterPercent, allowed: "0 to 100")
    }
}

/// Why a mesh cannot be cleaned as asked.
public enum MeshCleaningError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Faces were to go by confidence, but vertices have none.
    case noConfidences

    /// What is missing.
    public var description: String {
        "The mesh has no confidences; surfaces from photos have them, as .ply files with a property confidence."
    }
}

/// A mesh without debris, and how much of what was changed.
public struct MeshCleaning: Sendable {
    /// How much of what was changed.
    public struct Report: Hashable, Sendable, Codable {
        /// Vertices that were joined with others at the same position, or that no face used.
        public internal(set) var droppedVertices = 0
        /// Faces that named a position twice.
        public internal(set) var collapsedFaces = 0
        /// Faces that were there more than once, and pairs that faced each other with nothing between.
        public internal(set) var duplicateFaces = 0
        /// Faces with too little confidence.
        public internal(set) var doubtfulFaces = 0
        /// Faces whose sense was changed.
        public internal(set) var turnedFaces = 0
        /// Whether neighbouring faces can agree on an outside everywhere; Möbius strips cannot.
        public internal(set) var isOrientable = true
        /// Components that were too small.
        public internal(set) var droppedComponents = 0
        /// Holes that were closed.
        public internal(set) var filledHoles = 0
    }

    /// The result; its normals, if the original had any, are new.
    public let mesh: TriangleMesh
    /// What was done.
    public let report: Report

    /// Cleans `mesh`, in this order: equal positions become one vertex; collapsed and doubled faces go; senses are made to
    /// agree; faces with little confidence go; small components go; small holes are filled.
    ///
    /// - Throws: `OptionsError`, ``MeshInvariantError``, ``MeshCleaningError``.
    public init(of mesh: TriangleMesh, options: MeshCleaningOptions = MeshCleaningOptions()) throws {
        try options.validate()
        try mesh.checkInvariants()
        var report = Report()
        var result = mesh.weldingEqualPositions()
        report.collapsedFaces = mesh.triangles.count - result.triangles.count
        report.droppedVertices = mesh.positions.count - result.positions.count
        let single = result.removingDuplicateFaces()
        report.duplicateFaces = single.duplicates
        result = single.mesh
        if options.orients {
            let winding = ConsistentWinding(result)
            let senses = result.triangles
            report.isOrientable = winding.isOrientable
            result = winding.apply(to: result)
            // The volume of an open surface says nothing about its sides.
            if try MeshTopology(of: result).isClosed { result = result.orientedOutward() }
            report.turnedFaces = zip(senses, result.triangles).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
        }
        if options.minimumConfidence > 0 {
            guard let confidences = result.confidences else { throw MeshCleaningError.noConfidences }
            let faces = result.triangles.filter { face in
                (0..<3).allSatisfy { Double(confidences[Int(face[$0])]) >= options.minimumConfidence }
            }
            report.doubtfulFaces = result.triangles.count - faces.count
            result.triangles = faces
        }
        let components = ConnectedComponents(of: result)
        let largest = components.summaries(of: result).reduce(0) { max($0, $1.area) }
        result = result.keepingComponents { component in
            let isLarge = component.area >= options.minimumAreaShare * largest
            if !isLarge { report.droppedComponents += 1 }
            return isLarge
        }
        if options.holePerimeterPercent > 0, let diagonal = result.bounds?.diagonal, diagonal.isFinite {
            let holes = SmallHoles(maximumPerimeter: options.holePerimeterPercent / 100 * diagonal)
            report.filledHoles = holes.close(
                in: &result, candidates: [Bool](repeating: true, count: result.positions.count))
            result = result.removingUnreferencedVertices()
        }
        if mesh.normals != nil { result.normals = result.areaWeightedNormals() }
        self.mesh = result
        self.report = report
    }
}
