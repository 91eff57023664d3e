using System.Reflection;
using ILGPU;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Api;

/// <summary>Every public member in ILGPU's namespaces is one of ILGPU 1.5.3, so that the package can take its place.</summary>
public class ApiConformityTests
{
    /// <summary>
    /// Types that the reference leaves out: ILGPU.Util is not listed, and of ILGPU.Algorithms only what kernels call, while
    /// EnableAlgorithms is what a host calls first.
    /// </summary>
    static readonly string[] Unlisted = ["ILGPU.Util.DisposeBase", "ILGPU.Algorithms.AlgorithmContext"];

    [Fact]
    public void EveryPublicMemberStandsInTheReference()
    {
        HashSet<string> reference = [.. File.ReadLines(ReferencePath())];
        List<string> ours = [.. PublicTypes().SelectMany(Lines)];
        List<string> unknown = [.. ours.Where(line => !reference.Contains(line)).Order()];

        Assert.True(ours.Count > 1000, $"Only {ours.Count} members were found: the walk over the assembly is broken.");
        Assert.True(unknown.Count == 0, $"{unknown.Count} members are not ILGPU's:\n{string.Join('\n', unknown)}");
    }

    [Fact]
    public void UnlistedTypesExist()
    {
        foreach (string name in Unlisted)
            Assert.NotNull(typeof(Context).Assembly.GetType(name));
    }

    static IEnumerable<Type> PublicTypes() =>
        typeof(Context).Assembly.GetExportedTypes().Where(type =>
            type.Namespace is { } space && (space == "ILGPU" || space.StartsWith("ILGPU.", StringComparison.Ordinal))
            && !Unlisted.Contains(type.FullName));

    static IEnumerable<string> Lines(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
            | BindingFlags.DeclaredOnly;
        yield return $"{type} | type | {KindOf(type)}";
        foreach (MemberInfo member in type.GetMembers(Declared))
        {
            switch (member)
            {
                case FieldInfo { IsLiteral: true } field when type.IsEnum:
                    yield return $"{type} | field | {field} = {Convert.ToInt64(field.GetRawConstantValue())}";
                    break;
                case FieldInfo or PropertyInfo or EventInfo or MethodInfo or ConstructorInfo:
                    yield return $"{type} | {member.MemberType.ToString().ToLowerInvariant()} | {member}";
                    break;
            }
        }
    }

    static string KindOf(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : "class";

    static string ReferencePath() => Path.Combine(AppContext.BaseDirectory, "reference", "ilgpu-1.5.3-api.txt");
}
