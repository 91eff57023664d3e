namespace ILGPU.Runtime.Cuda;

/// <summary>How a stream stands to the default stream; the driver's names.</summary>
public enum StreamFlags
{
    /// <summary>Waits for the default stream, and it for this one.</summary>
    CU_STREAM_DEFAULT = 0,

    /// <summary>Goes its own way.</summary>
    CU_STREAM_NON_BLOCKING = 1,
}
