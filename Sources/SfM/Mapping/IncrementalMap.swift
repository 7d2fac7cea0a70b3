// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A map while it grows: poses of some images, points of some tracks, and which observations agree with them.
///
/// Everything is an array by dense index; the first registered image is the world's frame.
struct IncrementalMap {
    let graph: DenseViewGraph
    let options: MappingOptions
    private(set) var tracks: TrackSet
    private(set) var trackOfObservation: [Int32]
    /// Observations of image `i`: `observationsByImage[imageStarts[i] ..< imageStarts[i + 1]]`, ascending.
    private var imageStarts: [Int]
    private var observationsByImage: [Int32]

    /// Present intrinsics, by camera.
    private(set) var cameras: [Camera]
    /// By image; meaningless unless registered.
    private(set) var poses: [RigidTransform]
    private(set) var isRegistered: [Bool]
    /// By image: its pose is known and stays as it is.
    var isHeld: [Bool]
    /// Registered images in the order in which they came.
    private(set) var registrationOrder: [Int] = []
    /// Camera and pose of each registered image in fast form.
    private(set) var lenses: [PosedLens]

    /// By track; meaningless unless `hasPoint`.
    var positions: [SIMD3<Double>]
    var hasPoint: [Bool]
    /// By observation: it belongs to its track's point.
    var isObserved: [Bool]
    /// By track: its point lies on ``levelSet``; others are free.
    var isOnSurface: [Bool]
    /// The surface that the map lives on, when it has one.
    var levelSet: LevelSet?
    /// Bound on concurrency, without influence on the result.
    let threads: Int

    init(graph: DenseViewGraph, tracks: TrackSet, options: MappingOptions, cameras: [Camera], threads: Int = 1) {
        self.threads = threads
        self.graph = graph
        self.tracks = tracks
        self.options = options
        self.cameras = cameras
        trackOfObservation = tracks.trackOfObservation()
        (imageStarts, observationsByImage) = tracks.observationsByImage(imageCount: graph.imageCount)
        poses = Array(repeating: .identity, count: graph.imageCount)
        isRegistered = Array(repeating: false, count: graph.imageCount)
        isHeld = isRegistered
        lenses = Array(repeating: PosedLens(), count: graph.imageCount)
        positions = Array(repeating: .zero, count: tracks.count)
        hasPoint = Array(repeating: false, count: tracks.count)
        isObserved = Array(repeating: false, count: tracks.observationCount)
        isOnSurface = hasPoint
    }

    /// Numbers of the observations in `image`.
    func observations(in image: Int) -> ArraySlice<Int32> {
        observationsByImage[imageStarts[image]..<imageStarts[image + 1]]
    }

    /// Where `observation` was seen.
    @inline(__always)
    func pixel(of observation: Int) -> SIMD2<Double> {
        graph.keypoints[Int(tracks.imageIndices[observation])][Int(tracks.keypointIndices[observation])]
    }

    /// Squared reprojection error of an observation of its track's point; infinite behind the camera.
    @inline(__always)
    func squaredError(of observation: Int, at position: SIMD3<Double>) -> Double {
        lenses[Int(tracks.imageIndices[observation])].squaredError(of: position, observed: pixel(of: observation))
    }

    /// Number of points.
    var pointCount: Int { hasPoint.lazy.filter { $0 }.count }

    /// Points that `image` observes.
    func observedCount(in image: Int) -> Int { observations(in: image).lazy.filter { isObserved[Int($0)] }.count }

    /// Observations that belong to a track's point.
    func observationCount(of track: Int) -> Int { tracks.observations(of: track).lazy.filter { isObserved[$0] }.count }

    // MARK: Poses

    mutating func register(_ image: Int, pose: RigidTransform) {
        precondition(!isRegistered[image], "image \(image) is registered already")
        isRegistered[image] = true
        registrationOrder.append(image)
        setPose(pose, of: image)
    }

    mutating func setPose(_ pose: RigidTransform, of image: Int) {
        poses[image] = pose
        lenses[image] = PosedLens(camera: cameras[graph.cameraOfImage[image]], cameraFromWorld: pose)
    }

    /// Takes a pose back, with all its observations.
    mutating func unregister(_ image: Int) {
        isRegistered[image] = false
        registrationOrder.removeAll { $0 == image }
        for observation in observations(in: image) { isObserved[Int(observation)] = false }
        dropUnsupportedPoints()
    }

    mutating func setCamera(_ camera: Camera, at index: Int) {
        cameras[index] = camera
        for image in registrationOrder where graph.cameraOfImage[image] == index { setPose(poses[image], of: image) }
    }

    private mutating func dropUnsupportedPoints() {
        for track in 0..<tracks.count where hasPoint[track] {
            if observationCount(of: track) < 2 { removePoint(track) }
        }
    }

    // MARK: Points

    /// Exchanges the tracks for `regrouped` ones.
    ///
    /// - Parameters:
    ///   - positions: By new track.
    ///   - hasPoint: By new track.
    ///   - isOnSurface: By new track.
    ///   - isObserved: By new observation.
    mutating func regroup(
        _ regrouped: TrackSet, positions: [SIMD3<Double>], hasPoint: [Bool], isOnSurface: [Bool], isObserved: [Bool]
    ) {
        tracks = regrouped
        trackOfObservation = regrouped.trackOfObservation()
        (imageStarts, observationsByImage) = regrouped.observationsByImage(imageCount: graph.imageCount)
        self.positions = positions
        self.hasPoint = hasPoint
        self.isOnSurface = isOnSurface
        self.isObserved = isObserved
    }

    mutating func removePoint(_ track: Int) {
        hasPoint[track] = false
        isOnSurface[track] = false
        for observation in tracks.observations(of: track) { isObserved[observation] = false }
    }
}
