// SPDX-License-Identifier: Apache-2.0

/// Two keypoints that may show the same point.
package struct KeypointPair: Hashable, Sendable {
    /// One keypoint of the pair.
    package struct End: Hashable, Sendable {
        /// Number of the view.
        package let view: Int
        /// Normalised image coordinates without distortion.
        package let point: SIMD2<Double>

        /// Creates an end.
        package init(view: Int, point: SIMD2<Double>) {
            self.view = view
            self.point = point
        }
    }

    /// The keypoint in one view.
    package let first: End
    /// The keypoint in another view.
    package let second: End

    /// Creates a pair.
    ///
    /// - Precondition: the ends are in different views.
    package init(_ first: End, _ second: End) {
        precondition(first.view != second.view, "a pair needs two views")
        self.first = first
        self.second = second
    }
}
