// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SfM

/// `reconstruct evaluate poses`
struct EvaluatePosesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "poses", abstract: "Compare the cameras of a model with the true ones.",
        discussion: """
            Both models are COLMAP folders (.bin or .txt) or transforms.json files; of a folder that only holds models in \
            sub-folders, the one with the most images is taken. Photos are paired by name. Centres are compared after the \
            best similarity alignment; pairs of images without any: the error of a pair is the larger of the angles of its \
            relative rotation and direction, and AUC@t is the area under the curve of pairs below t degrees, where pairs \
            with an unregistered image count as failed.
            """)

    @Option(help: ArgumentHelp("Model to judge.", valueName: "model"), completion: .directory)
    var est: String

    @Option(help: ArgumentHelp("True model.", valueName: "model"), completion: .directory)
    var gt: String

    @Option(help: ArgumentHelp("Seed of the robust alignment of more than 27 images.", valueName: "n"))
    var seed: UInt64 = 1

    @Flag(help: "Print all figures as one JSON object on standard output.")
    var json = false

    func run() throws {
        try withReportedErrors {
            let evaluation = try PoseEvaluation(
                estimate: try SceneInput.readLargest(est), truth: try SceneInput.readLargest(gt), seed: seed)
            print(json ? try JSONText.encode(evaluation) : PoseEvaluationText(evaluation).text)
        }
    }
}
