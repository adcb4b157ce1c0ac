"""Grey images for the figures on real data: the bundled digits, IDX and npz files, clusters of them."""

from verify.models.images.clusters import Clusters, cluster
from verify.models.images.digits import digits
from verify.models.images.files import read_images
from verify.models.images.grey import Images

__all__ = ["Clusters", "Images", "cluster", "digits", "read_images"]
