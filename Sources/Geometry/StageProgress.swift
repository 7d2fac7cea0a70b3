// SPDX-License-Identifier: Apache-2.0

/// How far one stage of a long computation is.
public struct StageProgress: Sendable {
    /// What is being done, as a verb phrase for people: "training", "extracting".
    public var stage: String
    /// Finished units of work.
    public var completed: Int
    /// All units of work, or `nil` when not known yet.
    public var total: Int?
    /// A figure that tells how well it goes (a loss, an error), or `nil`.
    public var figure: Double?

    /// Creates a report.
    public init(stage: String, completed: Int, total: Int?, figure: Double? = nil) {
        self.stage = stage
        self.completed = completed
        self.total = total
        self.figure = figure
    }
}

/// Receives progress; called from the thread that drives the computation, at least every 0.1 s of work where possible.
public typealias ProgressHandler = @Sendable (StageProgress) -> Void

/// Asked between units of work; returning `true` makes the computation stop and return what it has.
public typealias CancellationCheck = @Sendable () -> Bool
