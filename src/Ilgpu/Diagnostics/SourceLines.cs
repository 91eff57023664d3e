using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Diagnostics;

/// <summary>
/// Finds the C# line of an IL instruction in a portable PDB: embedded in the assembly, or a file beside it.
/// </summary>
public static class SourceLines
{
    static readonly ConcurrentDictionary<Assembly, MetadataReaderProvider?> Readers = new();

    /// <summary>"RmsNorm.Kernel, RmsNorm.cs:42"; the IL offset stands where the line is unknown.</summary>
    public static string Describe(SourceLocation location)
    {
        if (location.Method is not { } method)
            return "an unknown place";
        string name = method.DeclaringType is { } type ? $"{type.Name}.{method.Name}" : method.Name;
        return TryFind(location, out string file, out int line)
            ? $"{name}, {Path.GetFileName(file)}:{line}"
            : $"{name}, IL_{location.IlOffset:x4}";
    }

    /// <summary>"RmsNorm.cs:42" of an IL instruction; null where the line is unknown.</summary>
    public static string? Find(MethodBase method, int ilOffset) =>
        TryFind(new SourceLocation(method, ilOffset), out string file, out int line)
            ? $"{Path.GetFileName(file)}:{line}"
            : null;

    /// <summary>The file as the compiler wrote it, and the line, counted from 1.</summary>
    /// <returns>False without a PDB, or for a method without lines.</returns>
    public static bool TryFind(SourceLocation location, out string file, out int line)
    {
        (file, line) = ("", 0);
        if (location.Method is not { } method || Readers.GetOrAdd(method.Module.Assembly, Open) is not { } provider)
            return false;
        MetadataReader reader = provider.GetMetadataReader();
        // Generic instances carry their definition's token.
        Handle handle = MetadataTokens.Handle(method.MetadataToken);
        if (handle.Kind != HandleKind.MethodDefinition)
            return false;
        MethodDebugInformation information = reader.GetMethodDebugInformation((MethodDefinitionHandle)handle);
        foreach (SequencePoint point in information.GetSequencePoints())
        {
            // Code before the first visible line, such as a closure's creation, counts to that line.
            if (point.Offset > location.IlOffset && line > 0)
                break;
            if (point.IsHidden)
                continue;
            file = reader.GetString(reader.GetDocument(point.Document).Name);
            line = point.StartLine;
        }
        return line > 0;
    }

    /// <summary>The provider owns the memory that its reader looks at, so it is what is kept.</summary>
    static MetadataReaderProvider? Open(Assembly assembly)
    {
        if (assembly.IsDynamic || OpenImage(assembly) is not { } image)
            return null;
        try
        {
            foreach (DebugDirectoryEntry entry in image.ReadDebugDirectory())
                if (entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb)
                    return image.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
            string path = PathOf(assembly);
            return path.Length > 0
                && image.TryOpenAssociatedPortablePdb(
                    path, file => File.Exists(file) ? File.OpenRead(file) : null, out MetadataReaderProvider? provider, out _)
                ? provider
                : null;
        }
        catch (Exception error) when (error is BadImageFormatException or IOException)
        {
            return null;
        }
    }

    static PEReader? OpenImage(Assembly assembly)
    {
        string path = PathOf(assembly);
        if (path.Length > 0)
            return File.Exists(path) ? new PEReader(File.OpenRead(path)) : null;
        return LoadedImage.Find(assembly);
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty path, as in a single file, is looked for in the loaded image.")]
    static string PathOf(Assembly assembly) => assembly.Location;
}
