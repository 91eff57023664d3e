using System.CommandLine;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Model;
#if !ILGPU_PACKAGE
using IlgpuDca.Ilgpu.Extensions;
#endif

namespace IlgpuDca.Cli.Commands;

/// <summary>What there is to run on, and why there is no GPU where none can be used.</summary>
sealed class DevicesCommand : ICommand
{
    readonly Option<bool> _json = Flag.Switch("--json", "Print one JSON object.");

    public Command Build()
    {
        Command command = new("devices", "Lists the devices, and says why no GPU can be used where none can.");
        command.Add(_json);
        return command;
    }

    public int Run(ParseResult parsed, CancellationToken cancellation)
    {
        using Context context = Context.Create(builder => builder.CPU().Cuda());
        string? whyNot = WhyNoCuda(context);
        if (parsed.GetValue(_json))
            Results.Json(json =>
            {
                json.WriteStartArray("devices");
                foreach (Device device in context.Devices)
                {
                    json.WriteStartObject();
                    json.WriteString("name", device.Name);
                    json.WriteString("kind", device.AcceleratorType == AcceleratorType.Cuda ? "cuda" : "cpu");
                    json.WriteNumber("multiprocessors", device.NumMultiprocessors);
                    json.WriteNumber("memory_bytes", device.MemorySize);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteString("no_cuda", whyNot);
            });
        else
        {
            foreach (Device device in context.Devices)
                Results.Line(Describe(device));
            if (whyNot is not null)
                Results.Line($"no GPU: {whyNot}");
        }
        return ExitCode.Ok;
    }

    static string Describe(Device device) => device is CudaDevice cuda
        ? $"cuda {cuda.DeviceId}: {cuda.Name}, compute capability {cuda.Architecture}, {cuda.NumMultiprocessors} multiprocessors, "
            + $"{Engine.Bytes(cuda.MemorySize)}, driver for CUDA {cuda.DriverVersion}"
        : $"cpu: {device.NumMultiprocessors} cores, {Engine.Bytes(device.MemorySize)}";

#if ILGPU_PACKAGE
    static string? WhyNoCuda(Context context) => context.GetCudaDevices().Count > 0 ? null : "no CUDA device was found.";
#else
    static string? WhyNoCuda(Context context) => context.WhyNoCuda();
#endif
}
