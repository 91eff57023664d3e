using System.Reflection;
using ILGPU.Runtime;
using IlgpuDca.Ilgpu.Frontend;
using IlgpuDca.Ilgpu.Ptx;
using IlgpuDca.Kernels;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Ptx;

/// <summary>The PTX of the product's kernels: well-formed, no generic addresses, no local memory.</summary>
public class ProductKernelTests
{
    /// <summary>Head size, and heads of a group, rows of a product: the values that kernels are specialised for.</summary>
    static readonly Dictionary<string, int> Specialized = new() { ["headSize"] = 128, ["headsPerGroup"] = 4, ["rows"] = 2, ["perThread"] = 4, ["bits"] = 4, ["groupShift"] = 5, ["kind"] = 1, ["columnsPerWarp"] = 2 };

    /// <summary>Every field that holds a launcher names its class's kernels by their parameters.</summary>
    public static TheoryData<string> Names => [.. Kernels().Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void IsWellFormed(string name)
    {
        MethodInfo method = Kernels().First(kernel => kernel.Name == name).Method;
        Dictionary<int, object> values = [];
        foreach (ParameterInfo parameter in method.GetParameters())
            if (parameter.ParameterType.Name.StartsWith("SpecializedValue", StringComparison.Ordinal))
                values[parameter.Position] = Specialized[parameter.Name!];
        string text = PtxModule.Emit(
            KernelCompiler.Compile(method, new CompileOptions(CompileTarget.Cuda) { Specialized = values, Verify = true }),
            PtxTarget.Minimum);
        PtxReader ptx = PtxReader.Read(text);
        Assert.Empty(ptx.Problems);
        Assert.Empty(ptx.GenericAccesses);
        Assert.False(ptx.UsesLocalMemory);
    }

    static IEnumerable<(string Name, MethodInfo Method)> Kernels()
    {
        foreach (Type open in typeof(BFloat16).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false }))
            foreach (Type type in Instances(open))
                foreach (FieldInfo launcher in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
                {
                    Type[] arguments = launcher.FieldType.IsGenericType ? launcher.FieldType.GetGenericArguments() : [];
                    if (arguments.Length < 3 || arguments[0] != typeof(AcceleratorStream))
                        continue;
                    foreach (MethodInfo method in type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                        if (method.ReturnType == typeof(void)
                            && method.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(arguments.Skip(2)))
                            yield return ($"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(a => a.Name))}>.{method.Name}", method);
                }
    }

    /// <summary>A class for each element type that it takes.</summary>
    static IEnumerable<Type> Instances(Type open)
    {
        if (!open.IsGenericTypeDefinition)
            return [open];
        return new[] { typeof(BFloat16), typeof(float) }.Select(element => Close(open, element)).OfType<Type>();
    }

    static Type? Close(Type open, Type element)
    {
        Type[] helpers = [.. typeof(BFloat16).Assembly.GetTypes().Where(type => type.IsValueType && !type.IsGenericTypeDefinition)];
        List<Type> chosen = [];
        foreach (Type parameter in open.GetGenericArguments())
        {
            // T is the element; what has an interface over it is the first struct that implements the interface.
            Type? constraint = parameter.GetGenericParameterConstraints().FirstOrDefault(type => type.IsInterface);
            Type? choice = constraint is null ? element : helpers.FirstOrDefault(helper => helper.GetInterfaces().Any(face =>
                face.IsGenericType == constraint.IsGenericType && face.Name == constraint.Name
                && (!face.IsGenericType || face.GetGenericArguments()[0] == element)));
            if (choice is null)
                return null;
            chosen.Add(choice);
        }
        return open.MakeGenericType([.. chosen]);
    }
}
