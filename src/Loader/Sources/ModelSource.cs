using System.Reflection;

namespace IlgpuDca.Loader;

/// <summary>Where a model's files come from: a folder on disk, or streams such as embedded resources.</summary>
public abstract class ModelSource
{
    /// <summary>How messages call the source.</summary>
    public abstract string Name { get; }

    /// <summary>The file that is the model, for a GGUF or llama2.c file; null where the folder is.</summary>
    public virtual string? ModelFile => null;

    /// <summary>The files with this ending; none where files can't be listed.</summary>
    public virtual IEnumerable<string> Names(string ending) => [];

    /// <summary>Whether the file is there.</summary>
    /// <param name="file">A plain file name, such as <c>config.json</c>.</param>
    public abstract bool Has(string file);

    /// <summary>Opens a file. Throws <see cref="ModelFormatException"/> when it is absent or unreadable.</summary>
    /// <param name="file">A plain file name, such as <c>config.json</c>.</param>
    public abstract FileBytes Open(string file);

    /// <summary>How messages call one file of the source.</summary>
    public virtual string NameOf(string file) => $"{Name}/{file}";

    /// <summary>
    /// Throws <see cref="ModelFormatException"/> when a file that another file names is not in the source.
    /// </summary>
    /// <param name="namedBy">The file that names it, as messages call it.</param>
    /// <param name="file">A plain file name.</param>
    public virtual void CheckOwn(string namedBy, string file)
    {
        if (!Has(file))
            throw new ModelFormatException(namedBy,
                $"names the shard {ModelFormatException.Quote(file)}, which is not in {Name}. Fix: download it.");
    }

    /// <summary>What --model may name: a folder, a .gguf file (any part of a split one), a llama2.c .bin.</summary>
    public static ModelSource FromPath(string path)
    {
        if (path.Contains('\0') || !File.Exists(path))
            return FromFolder(path);
        string name = Path.GetFileName(path);
        if (!name.EndsWith(GgufFile.Ending, StringComparison.Ordinal)
            && !name.EndsWith(Llama2cFile.Ending, StringComparison.Ordinal))
            throw new ModelFormatException(path, $"is a file whose name ends neither with {GgufFile.Ending} nor with "
                + $"{Llama2cFile.Ending}. Fix: give such a file, or the folder that holds config.json.");
        string? folder = Path.GetDirectoryName(path);
        return new FolderModelSource(string.IsNullOrEmpty(folder) ? "." : folder, name);
    }

    /// <summary>The files of a folder on disk.</summary>
    public static ModelSource FromFolder(string path) => new FolderModelSource(path);

    /// <summary>Files that a function opens; null from it means that there is no such file.</summary>
    public static ModelSource FromStreams(string name, Func<string, Stream?> open) => new StreamModelSource(name, open);

    /// <summary>Embedded resources named <c>prefix + file</c>; their bytes are read where they lie.</summary>
    public static ModelSource FromResources(string name, Assembly assembly, string prefix) =>
        FromStreams(name, file => assembly.GetManifestResourceStream(prefix + file));
}
