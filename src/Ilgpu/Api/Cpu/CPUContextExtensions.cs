namespace ILGPU.Runtime.CPU;

/// <summary>The CPU in contexts.</summary>
public static class CPUContextExtensions
{
    /// <summary>Adds the processor.</summary>
    public static Context.Builder CPU(this Context.Builder builder) => builder.CPU(CPUDevice.Default);

    /// <summary>Adds a processor.</summary>
    public static Context.Builder CPU(this Context.Builder builder, CPUDevice device)
    {
        builder.Devices.Add(device);
        return builder;
    }

    /// <summary>Adds the processor if the predicate takes it.</summary>
    public static Context.Builder CPU(this Context.Builder builder, Predicate<CPUDevice> predicate)
    {
        builder.Devices.AddRange(CPUDevice.GetDevices(predicate));
        return builder;
    }

    /// <summary>Adds the processor.</summary>
    public static Context.Builder DefaultCPU(this Context.Builder builder) => builder.CPU();

    /// <summary>The processors of a context.</summary>
    public static Context.DeviceCollection<CPUDevice> GetCPUDevices(this Context context) =>
        context.GetDevices<CPUDevice>();

    /// <summary>The n-th processor of a context, from 0.</summary>
    public static CPUDevice GetCPUDevice(this Context context, int cpuDevice) =>
        context.GetDevice<CPUDevice>(cpuDevice);

    /// <summary>An accelerator on the n-th processor.</summary>
    public static CPUAccelerator CreateCPUAccelerator(this Context context, int cpuDevice) =>
        context.GetCPUDevice(cpuDevice).CreateCPUAccelerator(context);

    /// <summary>An accelerator on the n-th processor.</summary>
    public static CPUAccelerator CreateCPUAccelerator(this Context context, int cpuDevice, CPUAcceleratorMode mode) =>
        context.GetCPUDevice(cpuDevice).CreateCPUAccelerator(context, mode);
}
