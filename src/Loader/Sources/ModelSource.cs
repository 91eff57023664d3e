using System.Reflection;

namespace IlgpuDca.Loader;

/// <summary>Where a model's files come from: a folder on disk, or streams such as embedded resources.</summary>
public abstract class ModelSource
{
    /// <summary>How messages call the source.</summary>
    public abstract string Name { get; }

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

    /// <summary>The files of a folder on disk.</summary>
    public static ModelSource FromFolder(string path) => new FolderModelSource(path);

    /// <summary>Files that a function opens; null from it means that there is no such file.</summary>
    public static ModelSource FromStreams(string name, Func<string, Stream?> open) => new StreamModelSource(name, open);

    /// <summary>Embedded resources named <c>prefix + file</c>; their bytes are read where they lie.</summary>
    public static ModelSource FromResources(string name, Assembly assembly, string prefix) =>
        FromStreams(name, file => assembly.GetManifestResourceStream(prefix + file));
}
