namespace ILGPU.Runtime.Cuda;

/// <summary>How a thread waits for the device.</summary>
public enum CudaAcceleratorFlags
{
    /// <summary>As the driver chooses.</summary>
    ScheduleAuto = 0,

    /// <summary>By polling.</summary>
    ScheduleSpin = 1,

    /// <summary>By polling, giving the core away in between.</summary>
    ScheduleYield = 2,

    /// <summary>By sleeping.</summary>
    ScheduleBlockingSync = 4,
}
