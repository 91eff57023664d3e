namespace IlgpuDca.Loader;

/// <summary>How an architecture says which layers have a sliding window.</summary>
enum WindowUse
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>All layers where sliding_window is given, unless layer_types says which.</summary>
    Always,

    /// <summary>Where use_sliding_window is true: by layer_types, else those from max_window_layers on.</summary>
    Switched,
}
