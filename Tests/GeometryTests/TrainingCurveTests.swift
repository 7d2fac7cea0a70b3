// SPDX-License-Identifier: Apache-2.0

import Geometry
import Testing

@Suite struct TrainingCurveTests {
    @Test(arguments: [1, 7, 255, 256, 257, 5000, 100_000])
    func valuesAreMeansOfEqualGroups(steps: Int) {
        var curve = TrainingCurve()
        for step in 0..<steps { curve.add(Double(step)) }
        #expect(curve.values.count < TrainingCurve.limit)
        #expect(curve.values.count == steps / curve.stepsPerValue)
        let group = Double(curve.stepsPerValue)
        for (index, value) in curve.values.enumerated() {
            // The mean of `group` integers that follow each other is in their middle.
            #expect(value == Double(index) * group + 0.5 * (group - 1))
        }
    }

    @Test func whatIsNoNumberHasNoPlace() {
        var curve = TrainingCurve()
        for loss in [1, Double.nan, 3, .infinity] { curve.add(loss) }
        #expect(curve.values == [1, 3])
    }
}
