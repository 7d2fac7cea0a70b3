// SPDX-License-Identifier: Apache-2.0

import Fields
import FoundationEssentials
import Storage

/// The folder that holds everything made from one set of photos.
///
/// Files appear whole or not at all, one process writes at a time, and a stage whose inputs, options and version have not
/// changed is not run again. Work of an unfinished stage lies in `work/` until the stage is finished.
public final class Workspace {
    /// The folder.
    public let folder: String
    /// What is known about its files; ``save()`` writes it.
    public var record: WorkspaceRecord
    private let lock: FolderLock

    /// Opens or makes the workspace `folder`.
    ///
    /// - Parameters:
    ///   - folder: Made when it is missing.
    ///   - startingAnew: Forgets what an unreadable or foreign folder holds instead of refusing it.
    /// - Throws: ``WorkspaceError``, `LockError`, `FileError`.
    public init(_ folder: String, startingAnew: Bool = false) throws {
        self.folder = folder
        let isNew = Folder.contents(of: folder).isEmpty
        try Folder.create(folder)
        lock = try FolderLock(folder: folder)
        let path = "\(folder)/run.json"
        if Folder.exists(path) {
            do {
                record = try Self.readRecord(of: folder)
            } catch WorkspaceError.foreignRecord where startingAnew {
                record = WorkspaceRecord()
            }
        } else {
            let isOurs = Set(Folder.contents(of: folder)).isSubset(of: [".lock", "work"])
            guard isNew || isOurs || startingAnew else { throw WorkspaceError.notAWorkspace(folder: folder) }
            record = WorkspaceRecord()
        }
    }

    /// What `run.json` of a workspace says, without opening the workspace.
    ///
    /// - Throws: ``WorkspaceError/foreignRecord(path:)``, `FileError`.
    public static func readRecord(of folder: String) throws -> WorkspaceRecord {
        let path = "\(folder)/run.json"
        let bytes = try InputFile.read(path, limit: 256 << 20)
        guard let found = try? JSONDecoder().decode(WorkspaceRecord.self, from: Data(bytes)),
            found.layout == WorkspaceRecord.currentLayout
        else { throw WorkspaceError.foreignRecord(path: path) }
        return found
    }

    /// The full path of a file in the workspace.
    public func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Writes `run.json`.
    public func save() throws { try OutputFile.write(Self.json(record), to: path("run.json")) }

    /// JSON with keys in order, so that equal values have equal bytes.
    static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [10]
    }

    // MARK: Stages

    /// Digest of values that a stage's result depends on.
    package static func key(_ stage: PhotoStage, version: Int, _ parts: [any Encodable]) throws -> String {
        var bytes = Array("\(stage.rawValue) \(version)\n".utf8)
        for part in parts { bytes += try json(part) }
        return hexadecimal(Fingerprint.fnv1a64(bytes))
    }

    /// 16 hexadecimal digits.
    static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Whether the stage was finished with this key and its files are still as it left them.
    package func isFinished(_ stage: PhotoStage, key: String) -> Bool {
        guard let found = record.stages[stage.rawValue], found.key == key else { return false }
        return found.outputs.allSatisfy { name, digest in (try? self.digest(of: name)) == digest }
    }

    /// Notes that a stage is finished; what came after an older version of it is forgotten.
    package func finish(_ stage: PhotoStage, key: String, outputs: [String], counts: [String: Int] = [:]) throws {
        for later in PhotoStage.allCases where later.needs(stage) { record.stages[later.rawValue] = nil }
        var digests: [String: String] = [:]
        for name in outputs { digests[name] = try digest(of: name) }
        record.stages[stage.rawValue] = WorkspaceRecord.Stage(key: key, outputs: digests, counts: counts)
        // A stage may have added to a file of an earlier one.
        for earlier in PhotoStage.allCases where earlier < stage {
            for (name, digest) in digests where record.stages[earlier.rawValue]?.outputs[name] != nil {
                record.stages[earlier.rawValue]?.outputs[name] = digest
            }
        }
        try save()
    }

    private func digest(of name: String) throws -> String {
        Self.hexadecimal(Fingerprint.fnv1a64(try InputFile.read(path(name))))
    }

    /// Folder for the pieces of an unfinished stage; those of other keys are removed.
    func workFolder(_ stage: PhotoStage, key: String) throws -> String {
        let name = "\(stage.rawValue)-\(key)"
        for other in Folder.contents(of: path("work")) where other.hasPrefix("\(stage.rawValue)-") && other != name {
            Folder.remove(path("work/\(other)"))
        }
        try Folder.create(path("work/\(name)"))
        return path("work/\(name)")
    }

    /// An empty folder in which the stage builds what replaces a folder of the workspace when it is whole.
    func unfinishedFolder(_ stage: PhotoStage) throws -> String {
        let folder = path("work/\(stage.rawValue)-unfinished")
        Folder.remove(folder)
        try Folder.create(folder)
        return folder
    }

    /// Removes the pieces of a stage that is finished or not wanted.
    func removeWork(of stage: PhotoStage) {
        let names = Folder.contents(of: path("work"))
        let own = names.filter { $0.hasPrefix("\(stage.rawValue)-") }
        for name in own { Folder.remove(path("work/\(name)")) }
        if own.count == names.count { Folder.remove(path("work")) }
    }
}
