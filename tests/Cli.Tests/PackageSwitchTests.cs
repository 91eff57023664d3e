using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace IlgpuDca.Cli.Tests;

/// <summary>
/// What keeps <c>-p:UseIlgpuPackage=true</c> from rotting: every ILGPU member that the compiled kernels, model and command line
/// reference stands in the list of ILGPU 1.5.3's public members. That the signatures behind the names are ILGPU's is
/// ApiConformityTests' part.
/// </summary>
public class PackageSwitchTests
{
    /// <summary>
    /// ILGPU.Util is not in the list, and of ILGPU.Algorithms only what kernels call; a host calls EnableAlgorithms first, and
    /// disposes accelerators and streams through their base class.
    /// </summary>
    static readonly string[] Unlisted = ["ILGPU.Algorithms.AlgorithmContext", "ILGPU.Util.DisposeBase"];

    [Theory]
    [InlineData("IlgpuDca.Kernels.dll", 40)]
    [InlineData("IlgpuDca.Model.dll", 20)]
    [InlineData("ilgpudca.dll", 0)]
    public void EveryReferencedIlgpuMemberStandsInTheList(string assembly, int atLeast)
    {
        HashSet<string> known = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "reference", "ilgpu-1.5.3-api.txt")).Select(NameOf)];
        using PEReader image = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly)));
        MetadataReader reader = image.GetMetadataReader();

        HashSet<string> used = [];
        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            MemberReference member = reader.GetMemberReference(handle);
            if (TypeOf(reader, member.Parent) is { } type && (type == "ILGPU" || type.StartsWith("ILGPU.", StringComparison.Ordinal)) && !Unlisted.Contains(type))
                used.Add($"{type}.{reader.GetString(member.Name)}");
        }
        Assert.True(used.Count >= atLeast, $"only {used.Count} members of ILGPU were found in {assembly}: the walk over its references is broken.");
        Assert.Empty(used.Where(name => !known.Contains(name)).Order());
    }

    /// <summary>"Type | method | Void Name[T](Int32)" as "Type.Name"; type arguments fall away.</summary>
    static string NameOf(string line)
    {
        string[] parts = line.Split(" | ");
        if (parts.Length < 3)
            return line;
        string type = parts[0].Split('[')[0], declaration = parts[2];
        int end = declaration.IndexOf('(', StringComparison.Ordinal);
        if (end >= 0)
            declaration = declaration[..end];
        else if (declaration.IndexOf(" = ", StringComparison.Ordinal) is >= 0 and int value)
            declaration = declaration[..value];
        // The name is what follows the last space outside type arguments.
        int depth = 0, start = declaration.Length;
        while (start > 0 && (declaration[start - 1] != ' ' || depth > 0))
        {
            start--;
            depth += declaration[start] == ']' ? 1 : declaration[start] == '[' ? -1 : 0;
        }
        return $"{type}.{declaration[start..].Split('[')[0]}";
    }

    /// <summary>The full name of the type that declares a member, its generic definition for an instance; null for other parents.</summary>
    static string? TypeOf(MetadataReader reader, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeSpecification)
        {
            BlobReader signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                return null;
            signature.ReadByte();
            parent = signature.ReadTypeHandle();
        }
        if (parent.Kind != HandleKind.TypeReference)
            return null;
        TypeReference type = reader.GetTypeReference((TypeReferenceHandle)parent);
        string name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{TypeOf(reader, type.ResolutionScope)}+{name}"
            : $"{reader.GetString(type.Namespace)}.{name}";
    }
}
