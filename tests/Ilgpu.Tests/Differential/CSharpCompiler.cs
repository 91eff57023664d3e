using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IlgpuDca.Ilgpu.Tests.Differential;

/// <summary>Compiles C# text to a loaded assembly.</summary>
static class CSharpCompiler
{
    static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Usings of the API come before the text.</summary>
    public static Assembly Compile(string text, OptimizationLevel level)
    {
        string source = $"using System;\nusing ILGPU;\nusing ILGPU.Runtime;\nusing ILGPU.Runtime.Cuda;\n{text}";
        CSharpCompilation compilation = CSharpCompilation.Create("Generated" + Guid.NewGuid().ToString("N"),
            [CSharpSyntaxTree.ParseText(source)], References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: level, allowUnsafe: true));
        using MemoryStream image = new();
        var result = compilation.Emit(image);
        if (!result.Success)
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5)) + source);
        return Assembly.Load(image.ToArray());
    }
}
