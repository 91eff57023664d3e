using ILGPU;
using ILGPU.Runtime;
using IlgpuDca.Samples;

// dotnet run -c Release --project samples [-- NAME [cpu]]: on the first NVIDIA GPU, or on the CPU where there is none or "cpu" is said.
Dictionary<string, Action<Accelerator, TextWriter>> samples = new()
{
    ["saxpy"] = Saxpy.Run,
    ["softmax"] = RowSoftmax.Run,
#if !ILGPU_PACKAGE
    ["tensorcores"] = TensorCores.Run,
#endif
};
string name = args.Length > 0 ? args[0] : "saxpy";
if (!samples.TryGetValue(name, out Action<Accelerator, TextWriter>? run) || args.Length > 2 || args.Length == 2 && args[1] != "cpu")
{
    Console.Error.WriteLine($"samples: '{string.Join(' ', args)}' is no sample. Fix: NAME [cpu], where NAME is {string.Join(", ", samples.Keys)}.");
    return 2;
}

// Assertions: on the CPU every index is compared with its view's length, and shared memory holds NaN when a group starts.
using Context context = Context.Create(builder => builder.Default().Assertions());
using Accelerator accelerator = context.GetPreferredDevice(preferCPU: args.Length == 2).CreateAccelerator(context);
Console.Error.WriteLine($"{name} on {accelerator.Name}");
run(accelerator, Console.Out);
return 0;
