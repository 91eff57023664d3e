namespace IlgpuDca.Loader;

/// <summary>A model in a folder on disk, or in a file of it.</summary>
sealed class FolderModelSource : ModelSource
{
    readonly string _path;
    readonly string? _modelFile;

    /// <param name="path">The folder.</param>
    /// <param name="modelFile">The file in it that is the model; null where the folder is.</param>
    public FolderModelSource(string path, string? modelFile = null)
    {
        if (path.Length == 0 || path.Contains('\0'))
            throw new ModelFormatException($"'{path}'",
                "is no path. Fix: give the folder that holds config.json, or a .gguf or .bin file.");
        if (!Directory.Exists(path))
            throw new ModelFormatException(path, File.Exists(path)
                ? "is a file, but a model is a folder. Fix: give the folder that holds config.json."
                : "there is no such folder or file. Fix: give the folder that holds config.json, or a .gguf or .bin file.");
        (_path, _modelFile) = (path, modelFile);
    }

    public override string Name => _modelFile is null ? _path : NameOf(_modelFile);

    public override string? ModelFile => _modelFile;

    public override IEnumerable<string> Names(string ending) =>
        Directory.EnumerateFiles(_path, "*" + ending).Select(path => Path.GetFileName(path));

    public override bool Has(string file) => File.Exists(NameOf(file));

    public override FileBytes Open(string file) => FileBytes.Map(NameOf(file));

    public override string NameOf(string file) => Path.Combine(_path, file);

    /// <remarks>
    /// A link may point inside the folder, or into the <c>blobs</c> folder beside <c>snapshots</c> as the download
    /// cache of the Hugging Face hub lays models out; anywhere else is refused.
    /// </remarks>
    public override void CheckOwn(string namedBy, string file)
    {
        base.CheckOwn(namedBy, file);
        string? target = new FileInfo(NameOf(file)).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        if (target is null)
            return;
        var folder = new DirectoryInfo(_path);
        string home = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        string? targetFolder = Path.GetDirectoryName(target);
        if (targetFolder != Path.TrimEndingDirectorySeparator(home) && targetFolder != HubBlobs(home))
            throw new ModelFormatException(namedBy,
                $"names the shard {ModelFormatException.Quote(file)}, a link that leaves the model's folder. "
                + "Fix: copy the file into the folder.");
    }

    /// <summary>The blobs folder of a hub cache for .../snapshots/revision; null for any other folder.</summary>
    static string? HubBlobs(string home)
    {
        DirectoryInfo? snapshots = new DirectoryInfo(home).Parent;
        if (snapshots is not { Name: "snapshots", Parent: not null })
            return null;
        var blobs = new DirectoryInfo(Path.Combine(snapshots.Parent.FullName, "blobs"));
        return blobs.LinkTarget is null ? blobs.FullName : null;
    }
}
